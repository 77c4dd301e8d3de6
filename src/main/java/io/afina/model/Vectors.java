package io.afina.model;

/** Lengths and directions of embeddings, from which cosine similarity is made. */
public final class Vectors {

  private Vectors() {}

  /** The Euclidean length. */
  public static double length(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  /** The unit vector of the same direction, a new array; zero stays zero. */
  public static float[] unit(float[] vector) {
    double length = length(vector);
    float factor = length > 0 ? (float) (1 / length) : 0;
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = vector[i] * factor;
    }
    return unit;
  }

  /** The dot product with the vector that begins at {@code from} of an array. */
  public static float dot(float[] vector, float[] array, int from) {
    float dot = 0;
    for (int i = 0; i < vector.length; i++) {
      dot += vector[i] * array[from + i];
    }
    return dot;
  }
}

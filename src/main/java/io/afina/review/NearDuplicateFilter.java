package io.afina.review;

import java.util.ArrayList;
import java.util.List;

/** The embeddings that were asked about last, so that near-duplicates are not. */
final class NearDuplicateFilter {

  private final int length;
  private final double similarity;
  private final List<float[]> units = new ArrayList<>();
  private int next;

  /**
   * @param length how many are remembered
   * @param similarity cosine from which on two are nearly the same picture
   */
  NearDuplicateFilter(int length, double similarity) {
    this.length = length;
    this.similarity = similarity;
  }

  boolean hasLike(float[] embedding) {
    float[] unit = unit(embedding);
    return units.stream().anyMatch(other -> dot(unit, other) > similarity);
  }

  void add(float[] embedding) {
    if (units.size() < length) {
      units.add(unit(embedding));
    } else if (length > 0) {
      units.set(next, unit(embedding));
      next = (next + 1) % length;
    }
  }

  private static float dot(float[] one, float[] other) {
    float dot = 0;
    for (int i = 0; i < one.length; i++) {
      dot += one[i] * other[i];
    }
    return dot;
  }

  private static float[] unit(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    float factor = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
    float[] unit = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      unit[i] = values[i] * factor;
    }
    return unit;
  }
}

package io.afina.inference;

/**
 * How each pixel of a resized line is weighed together from the pixels of the original: a triangle
 * as wide as the reduction, which is what PIL's {@code BILINEAR} does (its {@code Resample.c}), and
 * bilinear interpolation where the line is enlarged.
 *
 * @param first index of the first original pixel, one a resized pixel
 * @param weights of the original pixels from there on, one array a resized pixel; each sums to 1
 */
record Taps(int[] first, float[][] weights) {

  /**
   * Those of a part of the resized line.
   *
   * @param original pixels of the original line
   * @param resized pixels of the whole resized line
   * @param from the first resized pixel that is wanted
   * @param count how many are wanted
   */
  static Taps of(int original, int resized, int from, int count) {
    double scale = (double) original / resized;
    double support = Math.max(scale, 1);
    Taps taps = new Taps(new int[count], new float[count][]);
    for (int i = 0; i < count; i++) {
      double center = (from + i + 0.5) * scale;
      int begin = Math.max((int) (center - support + 0.5), 0);
      int end = Math.min((int) (center + support + 0.5), original);
      taps.first[i] = begin;
      taps.weights[i] = triangle(begin, end, center, support);
    }
    return taps;
  }

  /** The original pixels that are used: from the first inclusive to the last exclusive. */
  int end() {
    int last = first.length - 1;
    return first[last] + weights[last].length;
  }

  private static float[] triangle(int begin, int end, double center, double support) {
    float[] weights = new float[end - begin];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.max(0, 1 - Math.abs(begin + i + 0.5 - center) / support);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= (float) sum;
    }
    return weights;
  }
}

package io.afina.picture;

/**
 * The weights that make each pixel of a resized line from the pixels of the original: a triangle as
 * wide as the reduction, which is what PIL's {@code BILINEAR} does (its {@code Resample.c}), and
 * bilinear interpolation where the line is enlarged.
 *
 * @param first index of the first original pixel, one a resized pixel
 * @param most how many original pixels a resized one is made of at most, rounded up to a multiple
 *     of {@link #UNROLLED}
 * @param weights of the original pixels from there on, {@code most} for each resized pixel, the
 *     unused at the end 0; those of a pixel sum to {@link #ONE}
 * @param end the last original pixel that is used, exclusive
 */
record FilterKernel(int[] first, int most, int[] weights, int end) {

  static final int ONE = 256;

  /** Steps of a loop over weights are taken so many at once. */
  static final int UNROLLED = 4;

  /**
   * Computes the weights for a part of the resized line.
   *
   * @param original pixels of the original line
   * @param resized pixels of the whole resized line
   * @param from the first resized pixel that is wanted
   * @param count how many are wanted
   */
  static FilterKernel of(int original, int resized, int from, int count) {
    double scale = (double) original / resized;
    double support = Math.max(scale, 1);
    int most = (int) Math.ceil(2 * support / UNROLLED) * UNROLLED;
    int[] first = new int[count];
    int[] weights = new int[count * most];
    int last = 0;
    for (int i = 0; i < count; i++) {
      double center = (from + i + 0.5) * scale;
      int begin = Math.max((int) (center - support + 0.5), 0);
      last = Math.min((int) (center + support + 0.5), Math.min(begin + most, original));
      first[i] = begin;
      triangle(begin, last, center, support, weights, i * most);
    }
    return new FilterKernel(first, most, weights, last);
  }

  /** Rounds the sums rather than the weights, so that nothing gets lost. */
  private static void triangle(
      int begin, int end, double center, double support, int[] weights, int at) {
    double total = 0;
    for (int i = begin; i < end; i++) {
      total += weight(i, center, support);
    }
    double sum = 0;
    long given = 0;
    for (int i = begin; i < end; i++) {
      sum += weight(i, center, support);
      long due = Math.round(ONE * sum / total);
      weights[at + i - begin] = (int) (due - given);
      given = due;
    }
  }

  private static double weight(int pixel, double center, double support) {
    return Math.max(0, 1 - Math.abs(pixel + 0.5 - center) / support);
  }
}

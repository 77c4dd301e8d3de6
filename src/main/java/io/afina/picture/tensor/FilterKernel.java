package io.afina.picture.tensor;

/**
 * The weights that make each pixel of a resized line from the pixels of the original: the filter as
 * wide as the reduction, which is what Pillow does (its {@code Resample.c}), and interpolation
 * where the line is enlarged.
 *
 * @param first index of the first original pixel, one a resized pixel
 * @param most how many original pixels a resized one is made of at most, rounded up to a multiple
 *     of {@link #UNROLLED}
 * @param weights of the original pixels from there on, {@code most} for each resized pixel, the
 *     unused at the end 0; those of a pixel sum to 1
 * @param end the last original pixel that is used, exclusive
 */
public record FilterKernel(int[] first, int most, double[] weights, int end) {

  /** Steps of a loop over weights are taken so many at once. */
  public static final int UNROLLED = 4;

  /**
   * Computes the weights for a part of the resized line.
   *
   * @param original pixels of the original line
   * @param resized pixels of the whole resized line
   * @param from the first resized pixel that is wanted
   * @param count how many are wanted
   */
  public static FilterKernel of(
      ResizeFilter filter, int original, int resized, int from, int count) {
    double scale = (double) original / resized;
    double reduction = Math.max(scale, 1);
    double support = filter.support() * reduction;
    int most = (int) Math.ceil(2 * support / UNROLLED) * UNROLLED;
    int[] first = new int[count];
    double[] weights = new double[count * most];
    int last = 0;
    for (int i = 0; i < count; i++) {
      double center = (from + i + 0.5) * scale;
      int begin = Math.max((int) (center - support + 0.5), 0);
      last = Math.min((int) (center + support + 0.5), Math.min(begin + most, original));
      first[i] = begin;
      double total = 0;
      for (int pixel = begin; pixel < last; pixel++) {
        double weight = filter.weight((pixel + 0.5 - center) / reduction);
        weights[i * most + pixel - begin] = weight;
        total += weight;
      }
      double share = 1 / total;
      for (int at = i * most; at < i * most + last - begin; at++) {
        weights[at] *= share;
      }
    }
    return new FilterKernel(first, most, weights, last);
  }

  /**
   * The weights in whole numbers: the sums are rounded rather than each, so that nothing is lost.
   */
  public int[] rounded(int one) {
    int[] rounded = new int[weights.length];
    for (int from = 0; from < weights.length; from += most) {
      double sum = 0;
      int given = 0;
      for (int at = from; at < from + most; at++) {
        sum += weights[at];
        int due = (int) Math.round(one * sum);
        rounded[at] = due - given;
        given = due;
      }
    }
    return rounded;
  }
}

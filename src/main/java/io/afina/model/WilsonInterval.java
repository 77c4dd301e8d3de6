package io.afina.model;

/**
 * A proportion with its 95 % confidence interval, by E. B. Wilson's score method ("Probable
 * Inference, the Law of Succession, and Statistical Inference", 1927), which holds for few cases
 * and near 0 and 1 too.
 */
public record WilsonInterval(int right, int total, double low, double high) {

  private static final double Z = 1.959964;

  /** The interval of {@code right} successes in {@code total} trials. */
  public static WilsonInterval of(int right, int total) {
    if (total == 0) {
      return new WilsonInterval(0, 0, 0, 1);
    }
    double n = total;
    double share = right / n;
    double scale = 1 + Z * Z / n;
    double middle = (share + Z * Z / (2 * n)) / scale;
    double half = Z / scale * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
    return new WilsonInterval(right, total, Math.max(0, middle - half), Math.min(1, middle + half));
  }
}

package io.afina.bench.report;

import java.util.Collection;
import java.util.Locale;

/** A figure over several runs: its median, its smallest and its largest. */
public record Spread(double median, double least, double most) {

  /**
   * Computes it; the median of an even number of runs is the mean of the middle two.
   *
   * @throws IllegalArgumentException when there was no run
   */
  public static Spread of(Collection<Double> runs) {
    double[] sorted = runs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no run, no figure");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** Whether a difference to another figure may be chance: some run of each lies in the other. */
  public boolean overlaps(Spread other) {
    return least <= other.most && other.least <= most;
  }

  /** Formats it as {@code 63.4 (61.0–65.2)}; one run alone has no spread. */
  public String text(int decimals) {
    String form = "%." + decimals + "f";
    return least == most
        ? form.formatted(median)
        : String.format(Locale.ROOT, form + " (" + form + "–" + form + ")", median, least, most);
  }
}

package io.afina.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.ToIntFunction;

/**
 * Bounds the series that have a label of images as their tag: whoever may write corrections may
 * invent as many labels as he likes.
 */
public final class LabelSeries {

  /** So many labels have a series of their own. */
  public static final int MOST = 100;

  /** The tag of the series in which all others are. */
  public static final String OTHERS = "other";

  private LabelSeries() {}

  /**
   * The heaviest labels, and all others as one; of equally heavy ones the first in sort order stay.
   *
   * @param merge makes one of two
   */
  public static <T> Map<String, T> bounded(
      Map<String, T> byLabel, ToIntFunction<T> weight, BinaryOperator<T> merge) {
    if (byLabel.size() <= MOST) {
      return byLabel;
    }
    List<Map.Entry<String, T>> ranked =
        byLabel.entrySet().stream()
            .sorted(
                Comparator.comparingInt(
                        (Map.Entry<String, T> entry) -> -weight.applyAsInt(entry.getValue()))
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    Map<String, T> bounded = new TreeMap<>();
    for (int n = 0; n < ranked.size(); n++) {
      String label = n < MOST ? ranked.get(n).getKey() : OTHERS;
      bounded.merge(label, ranked.get(n).getValue(), merge);
    }
    return bounded;
  }
}

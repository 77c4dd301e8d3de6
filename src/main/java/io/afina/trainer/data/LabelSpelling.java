package io.afina.trainer.data;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Treats labels that differ only in case or in the space around them as one label. */
public final class LabelSpelling {

  private LabelSpelling() {}

  /** The key that all spellings of a label share. */
  public static String key(String label) {
    return label.strip().toLowerCase(Locale.ROOT);
  }

  public static boolean same(String one, String other) {
    return key(one).equals(key(other));
  }

  /** The commonest spelling of every key; of equally common ones the first in sort order. */
  public static Map<String, String> spellings(List<String> labels) {
    Map<String, Map<String, Integer>> counts = new HashMap<>();
    for (String label : labels) {
      counts
          .computeIfAbsent(key(label), k -> new HashMap<>())
          .merge(label.strip(), 1, Integer::sum);
    }
    Map<String, String> spellings = new HashMap<>();
    counts.forEach((key, spelled) -> spellings.put(key, commonest(spelled)));
    return spellings;
  }

  private static String commonest(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .orElseThrow()
        .getKey();
  }
}

package io.afina.trainer.data;

import io.afina.label.LabelTable;
import io.afina.model.LeftOut;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The labels that a head is trained on: those with enough examples, and where these are too many,
 * the commonest. Of equally common ones that goes first whose earliest example has the smallest
 * offset on {@code training}, so that all trainers select the same ones.
 *
 * @param ids of the labels
 * @param leftOut those that are too many, or null when there are none
 */
record LabelSelection(Set<String> ids, @Nullable LeftOut leftOut) {

  /** Bounds the size of a head card. */
  private static final int MOST_NAMED = 10;

  private static final Comparator<Count> COMMONEST_FIRST =
      Comparator.comparingInt((Count count) -> -count.examples)
          .thenComparingLong(count -> count.earliest)
          .thenComparing(count -> count.key);

  private static final class Count {
    private final String key;
    private int examples;
    private long earliest = Long.MAX_VALUE;

    private Count(String key) {
      this.key = key;
    }

    private void add(Example example) {
      examples++;
      earliest = Math.min(earliest, example.offset());
    }
  }

  /**
   * Selects labels.
   *
   * @param fewest examples that a label needs
   * @param most labels
   * @param table says which labels are one
   */
  static LabelSelection of(Collection<Example> examples, int fewest, int most, LabelTable table) {
    Map<String, Count> counts = new HashMap<>();
    for (Example example : examples) {
      counts.computeIfAbsent(table.id(example.label()), Count::new).add(example);
    }
    List<Count> ranked =
        counts.values().stream()
            .filter(count -> count.examples >= fewest)
            .sorted(COMMONEST_FIRST)
            .toList();
    int kept = Math.min(most, ranked.size());
    return new LabelSelection(
        ranked.subList(0, kept).stream().map(count -> count.key).collect(Collectors.toSet()),
        leftOut(ranked.subList(kept, ranked.size())));
  }

  private static @Nullable LeftOut leftOut(List<Count> rest) {
    return rest.isEmpty()
        ? null
        : new LeftOut(
            rest.size(),
            rest.stream().mapToInt(count -> count.examples).sum(),
            rest.stream().limit(MOST_NAMED).map(count -> count.key).toList());
  }
}

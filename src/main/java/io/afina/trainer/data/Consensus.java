package io.afina.trainer.data;

import io.afina.event.TrainingExample.Vote;
import io.afina.label.LabelTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides the label of an image from the votes of its labellers.
 *
 * @param agreeing how many must agree, or 0: the last vote counts
 */
public record Consensus(int agreeing) {

  static final Consensus LAST = new Consensus(0);

  /** Parses the configuration's {@code last} or {@code majority:K}. */
  public static Consensus of(String text) {
    return text.equals("last")
        ? LAST
        : new Consensus(Integer.parseInt(text.substring(text.indexOf(':') + 1)));
  }

  /**
   * The label of an example; of its spellings the last one.
   *
   * @param last the last label that was given
   * @param votes of its labellers; empty for a single one
   * @param table says which labels are one
   * @return empty while too few agree, or as many agree on another label
   */
  Optional<String> label(String last, List<Vote> votes, LabelTable table) {
    if (agreeing == 0) {
      return Optional.of(last);
    }
    Map<String, Integer> counts = new HashMap<>();
    Map<String, String> spellings = new HashMap<>();
    for (Vote vote : votes.isEmpty() ? List.of(new Vote(null, last)) : votes) {
      counts.merge(table.id(vote.label()), 1, Integer::sum);
      spellings.put(table.id(vote.label()), vote.label());
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<String> first =
        counts.keySet().stream().filter(key -> counts.getOrDefault(key, 0) == most).toList();
    return most >= agreeing && first.size() == 1
        ? Optional.ofNullable(spellings.get(first.get(0)))
        : Optional.empty();
  }
}

package io.afina.trainer.data;

import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.Vote;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many labellers must say the same before an image is an example.
 *
 * @param agreeing so many, or 0: the last word counts
 */
public record Consensus(int agreeing) {

  static final Consensus LAST = new Consensus(0);

  /** As the configuration says it: {@code last} or {@code majority:K}. */
  public static Consensus of(String text) {
    return text.equals("last")
        ? LAST
        : new Consensus(Integer.parseInt(text.substring(text.indexOf(':') + 1)));
  }

  /**
   * The label of an example; of equal spellings the one said last.
   *
   * @return empty while too few agree, or as many say something else
   */
  Optional<String> label(TrainingExample example) {
    if (agreeing == 0) {
      return Optional.of(example.label());
    }
    Map<String, Integer> counts = new HashMap<>();
    Map<String, String> spellings = new HashMap<>();
    for (Vote vote : votes(example)) {
      counts.merge(LabelSpelling.key(vote.label()), 1, Integer::sum);
      spellings.put(LabelSpelling.key(vote.label()), vote.label());
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<String> first =
        counts.keySet().stream().filter(key -> counts.getOrDefault(key, 0) == most).toList();
    return most >= agreeing && first.size() == 1
        ? Optional.ofNullable(spellings.get(first.get(0)))
        : Optional.empty();
  }

  /** Everybody's word on it. */
  static List<Vote> votes(TrainingExample example) {
    return example.votes().isEmpty()
        ? List.of(new Vote(example.labeller(), example.label()))
        : example.votes();
  }
}

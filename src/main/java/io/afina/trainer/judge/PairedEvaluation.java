package io.afina.trainer.judge;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares a candidate with the champion on the same examples, label by label.
 *
 * @param labels of the examples, sorted
 */
public record PairedEvaluation(List<LabelCounts> labels) {

  private record Pair(Evaluation.Outcome candidate, Evaluation.Outcome champion) {

    boolean isDiscordant() {
      return candidate.isCorrect() != champion.isCorrect();
    }
  }

  /**
   * The examples of one label.
   *
   * @param champion how many of them the champion gets right
   * @param candidate how many the candidate gets right
   * @param discordant how many only one of them gets right
   */
  public record LabelCounts(
      String label, int examples, int champion, int candidate, int discordant) {

    /** By how much the recall falls, -1 to 1. */
    public double fall() {
      return (double) (champion - candidate) / examples;
    }

    /** Standard error of the fall if the heads were equally good. */
    double standardError() {
      return Math.sqrt(discordant) / examples;
    }
  }

  /** Pairs the outcomes of the same images; those that only one has do not count. */
  public static PairedEvaluation of(Evaluation candidate, Evaluation champion) {
    Map<String, Evaluation.Outcome> champions =
        champion.outcomes().collect(Collectors.toMap(Evaluation.Outcome::id, outcome -> outcome));
    Map<String, List<Pair>> byLabel =
        candidate
            .outcomes()
            .flatMap(
                own ->
                    Stream.ofNullable(champions.get(own.id())).map(other -> new Pair(own, other)))
            .collect(Collectors.groupingBy(pair -> pair.candidate().actual()));
    return new PairedEvaluation(
        byLabel.entrySet().stream()
            .map(entry -> count(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparing(LabelCounts::label))
            .toList());
  }

  private static LabelCounts count(String label, List<Pair> pairs) {
    return new LabelCounts(
        label,
        pairs.size(),
        (int) pairs.stream().filter(pair -> pair.champion().isCorrect()).count(),
        (int) pairs.stream().filter(pair -> pair.candidate().isCorrect()).count(),
        (int) pairs.stream().filter(Pair::isDiscordant).count());
  }

  public int examples() {
    return labels.stream().mapToInt(LabelCounts::examples).sum();
  }

  /** Balanced accuracy of the champion, 0 to 1. */
  public double champion() {
    return mean(label -> (double) label.champion() / label.examples());
  }

  /** Balanced accuracy of the candidate, 0 to 1. */
  public double candidate() {
    return mean(label -> (double) label.candidate() / label.examples());
  }

  /** By how much the balanced accuracy falls, -1 to 1. */
  public double fall() {
    return mean(LabelCounts::fall);
  }

  /** Standard error of the fall if the heads were equally good. */
  double standardError() {
    double variance = mean(label -> label.standardError() * label.standardError());
    return Math.sqrt(variance / Math.max(1, labels.size()));
  }

  private double mean(ToDoubleFunction<LabelCounts> value) {
    return labels.stream().mapToDouble(value).average().orElse(0);
  }
}

package io.afina.trainer.judge;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a new head and the champion answered to the same examples.
 *
 * @param labels that the examples bear, sorted
 */
public record PairedEvaluation(List<OfLabel> labels) {

  private record Pair(Evaluation.Answer now, Evaluation.Answer before) {

    boolean differs() {
      return now.isRight() != before.isRight();
    }
  }

  /**
   * The examples of one label.
   *
   * @param before how many of them the champion gets right
   * @param now how many the new head gets right
   * @param differing how many only one of them gets right
   */
  public record OfLabel(String label, int examples, int before, int now, int differing) {

    /** By how much the recall falls, -1 to 1. */
    public double fall() {
      return (double) (before - now) / examples;
    }

    /** Standard error of the fall if the heads were equally good. */
    double noise() {
      return Math.sqrt(differing) / examples;
    }
  }

  /** Both asked about the same examples in the same order. */
  public static PairedEvaluation of(Evaluation now, Evaluation before) {
    List<Evaluation.Answer> ours = now.all();
    List<Evaluation.Answer> theirs = before.all();
    Map<String, List<Pair>> byLabel =
        IntStream.range(0, ours.size())
            .mapToObj(n -> new Pair(ours.get(n), theirs.get(n)))
            .collect(Collectors.groupingBy(pair -> pair.now().actual()));
    return new PairedEvaluation(
        byLabel.entrySet().stream()
            .map(entry -> ofLabel(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparing(OfLabel::label))
            .toList());
  }

  private static OfLabel ofLabel(String label, List<Pair> pairs) {
    return new OfLabel(
        label,
        pairs.size(),
        (int) pairs.stream().filter(pair -> pair.before().isRight()).count(),
        (int) pairs.stream().filter(pair -> pair.now().isRight()).count(),
        (int) pairs.stream().filter(Pair::differs).count());
  }

  public int examples() {
    return labels.stream().mapToInt(OfLabel::examples).sum();
  }

  /** Balanced accuracy of the champion, 0 to 1. */
  public double before() {
    return mean(label -> (double) label.before() / label.examples());
  }

  /** Balanced accuracy of the new head, 0 to 1. */
  public double now() {
    return mean(label -> (double) label.now() / label.examples());
  }

  /** By how much the balanced accuracy falls, -1 to 1. */
  public double fall() {
    return mean(OfLabel::fall);
  }

  /** Standard error of the fall if the heads were equally good. */
  double noise() {
    double squares = mean(label -> label.noise() * label.noise());
    return Math.sqrt(squares / Math.max(1, labels.size()));
  }

  private double mean(ToDoubleFunction<OfLabel> value) {
    return labels.stream().mapToDouble(value).average().orElse(0);
  }
}

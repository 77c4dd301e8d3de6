package io.afina.trainer.judge;

import io.afina.model.Head;
import io.afina.model.Measures;
import io.afina.model.Measures.Bin;
import io.afina.model.Measures.Confusion;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Measures.Method;
import io.afina.model.Measures.Mistake;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.data.LabelSpelling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What heads answered to examples that they were not trained on, and what was right. */
public final class Evaluation {

  private static final int BINS = 15;
  private static final int MOST_MISTAKES = 100;

  /**
   * A head that does not know the right label gives it no probability; its logarithm is bounded.
   */
  private static final double LEAST_PROBABILITY = 1e-7;

  private final List<Answer> answers = new ArrayList<>();

  /**
   * One answer.
   *
   * @param actual the right label
   * @param said the label answered; spelled as the right ones are where they know it
   * @param right index of the right label among the outputs, or -1 where the head does not know it
   * @param logits outputs before temperature and softmax
   */
  record Answer(String id, String actual, String said, int right, float[] logits) {

    boolean isRight() {
      return said.equals(actual);
    }

    double confidence(double temperature) {
      return probability(largest(logits), temperature);
    }

    double loss(double temperature) {
      double probability = right < 0 ? 0 : probability(right, temperature);
      return -Math.log(Math.max(LEAST_PROBABILITY, probability));
    }

    private double probability(int output, double temperature) {
      float max = logits[largest(logits)];
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp((logit - max) / temperature);
      }
      return Math.exp((logits[output] - max) / temperature) / sum;
    }
  }

  /** Asks a head about every row. */
  public static Evaluation of(Head head, ExampleSet examples) {
    Evaluation answers = new Evaluation();
    answers.add(head, examples);
    return answers;
  }

  public void add(Answer answer) {
    answers.add(answer);
  }

  public void add(Head head, ExampleSet examples) {
    Map<String, String> spellings = LabelSpelling.spellings(examples.labels());
    List<String> labels =
        head.card().labels().stream()
            .map(label -> spellings.getOrDefault(LabelSpelling.key(label), label))
            .toList();
    for (int row = 0; row < examples.size(); row++) {
      float[] logits = head.logits(examples.embedding(row));
      add(
          new Answer(
              examples.rows().get(row).id(),
              examples.label(row),
              labels.get(largest(logits)),
              labels.indexOf(examples.label(row)),
              logits));
    }
  }

  List<Answer> all() {
    return List.copyOf(answers);
  }

  /** Mean loss in nats. */
  double loss(double temperature) {
    return answers.stream().mapToDouble(a -> a.loss(temperature)).average().orElse(0);
  }

  /** Share that is right, 0 to 1. */
  public double accuracy() {
    return answers.stream().mapToInt(a -> a.isRight() ? 1 : 0).average().orElse(0);
  }

  public Measures measures(Method method, double temperature) {
    List<LabelMeasures> labels = labels();
    List<LabelMeasures> borne = labels.stream().filter(label -> label.examples() > 0).toList();
    return new Measures(
        method,
        answers.size(),
        accuracy(),
        borne.stream().mapToDouble(LabelMeasures::recall).average().orElse(0),
        borne.stream().mapToInt(LabelMeasures::examples).max().orElse(0)
            / (double) Math.max(1, answers.size()),
        loss(temperature),
        calibrationError(temperature),
        calibrationError(1),
        labels,
        confusion(),
        reliability(temperature),
        mistakes(temperature));
  }

  private List<LabelMeasures> labels() {
    Map<String, Integer> borne = new TreeMap<>();
    Map<String, Integer> said = new TreeMap<>();
    Map<String, Integer> right = new TreeMap<>();
    for (Answer answer : answers) {
      borne.merge(answer.actual(), 1, Integer::sum);
      said.merge(answer.said(), 1, Integer::sum);
      right.merge(answer.actual(), answer.isRight() ? 1 : 0, Integer::sum);
    }
    return Stream.concat(borne.keySet().stream(), said.keySet().stream())
        .distinct()
        .sorted()
        .map(
            label ->
                new LabelMeasures(
                    label,
                    borne.getOrDefault(label, 0),
                    ratio(right.getOrDefault(label, 0), borne.getOrDefault(label, 0)),
                    ratio(right.getOrDefault(label, 0), said.getOrDefault(label, 0))))
        .toList();
  }

  private static double ratio(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }

  private List<Confusion> confusion() {
    Map<String, Map<String, Integer>> cells = new TreeMap<>();
    for (Answer answer : answers) {
      cells
          .computeIfAbsent(answer.actual(), a -> new TreeMap<>())
          .merge(answer.said(), 1, Integer::sum);
    }
    List<Confusion> confusion = new ArrayList<>();
    cells.forEach(
        (actual, row) ->
            row.forEach((said, count) -> confusion.add(new Confusion(actual, said, count))));
    return confusion;
  }

  private List<Mistake> mistakes(double temperature) {
    return answers.stream()
        .filter(answer -> !answer.isRight())
        .map(a -> new Mistake(a.id(), a.actual(), a.said(), a.confidence(temperature)))
        .sorted(Comparator.comparingDouble(mistake -> -mistake.confidence()))
        .limit(MOST_MISTAKES)
        .toList();
  }

  /** Bins of equal width, from unsure to sure; those without answers are left out. */
  private List<Bin> reliability(double temperature) {
    int[] examples = new int[BINS];
    double[] confidences = new double[BINS];
    int[] right = new int[BINS];
    for (Answer answer : answers) {
      double confidence = answer.confidence(temperature);
      int bin = Math.min(BINS - 1, (int) (confidence * BINS));
      examples[bin]++;
      confidences[bin] += confidence;
      right[bin] += answer.isRight() ? 1 : 0;
    }
    return IntStream.range(0, BINS)
        .filter(bin -> examples[bin] > 0)
        .mapToObj(
            bin ->
                new Bin(
                    examples[bin],
                    confidences[bin] / examples[bin],
                    (double) right[bin] / examples[bin]))
        .toList();
  }

  /**
   * Expected calibration error: how far confidence is from accuracy, over bins of equal width (<a
   * href="https://arxiv.org/abs/1706.04599">Guo et al. 2017</a>).
   */
  private double calibrationError(double temperature) {
    return reliability(temperature).stream()
            .mapToDouble(bin -> bin.examples() * Math.abs(bin.accuracy() - bin.confidence()))
            .sum()
        / Math.max(1, answers.size());
  }
}

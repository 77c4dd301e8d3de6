package io.afina.trainer.judge;

import io.afina.decide.JudgedAnswer;
import io.afina.label.OutputLabels;
import io.afina.model.Head;
import io.afina.model.Measures;
import io.afina.model.Measures.Bin;
import io.afina.model.Measures.Confusion;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Measures.Method;
import io.afina.model.Measures.Mistake;
import io.afina.model.layer.Layer;
import io.afina.trainer.data.Example;
import io.afina.trainer.data.ExampleSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Evaluates heads on examples that they were not trained on. */
public final class Evaluation {

  private static final int BINS = 15;
  private static final int MOST_MISTAKES = 100;

  /** Bounds the size of a head card, as the mistakes are. */
  private static final int MOST_CONFUSIONS = 1000;

  /** Bounds the logarithm for a label that the head does not know. */
  private static final double LEAST_PROBABILITY = 1e-7;

  private final List<Outcome> outcomes = new ArrayList<>();

  /**
   * A prediction and the truth.
   *
   * @param predicted the label with the largest logit, called as the examples call it
   * @param target index of the actual label among the outputs, or -1 where the head lacks it
   */
  record Outcome(String id, String actual, String predicted, int target, float[] logits) {

    boolean isCorrect() {
      return predicted.equals(actual);
    }

    double confidence(double temperature) {
      return probability(largest(logits), temperature);
    }

    double loss(double temperature) {
      double probability = target < 0 ? 0 : probability(target, temperature);
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

  /** Evaluates a head on the examples that have an embedding of its backbone. */
  public static Evaluation of(Head head, ExampleSet examples) {
    Evaluation evaluation = new Evaluation();
    evaluation.add(head.card().labels(), head.layers(), examples.in(head.card().backbone()));
    return evaluation;
  }

  /**
   * Adds the outcomes of layers on all examples.
   *
   * @param outputs the labels of the layers' outputs
   */
  public void add(List<String> outputs, List<Layer> layers, ExampleSet examples) {
    OutputLabels called = examples.called(outputs);
    // One whose labels are all retired gives none.
    List<String> labels = called.names().isEmpty() ? List.of("") : called.names();
    Map<String, Integer> indices = new HashMap<>();
    for (int n = 0; n < labels.size(); n++) {
      indices.putIfAbsent(labels.get(n), n);
    }
    for (int row = 0; row < examples.size(); row++) {
      float[] logits =
          called.names().isEmpty()
              ? new float[1]
              : called.logits(Layer.logits(layers, examples.embedding(row)));
      add(
          new Outcome(
              examples.examples().get(row).id(),
              examples.label(row),
              labels.get(largest(logits)),
              indices.getOrDefault(examples.label(row), -1),
              logits));
    }
  }

  void add(Outcome outcome) {
    outcomes.add(outcome);
  }

  int size() {
    return outcomes.size();
  }

  Stream<Outcome> outcomes() {
    return outcomes.stream();
  }

  Outcome outcome(int n) {
    return outcomes.get(n);
  }

  /** The images that were evaluated. */
  public Set<String> ids() {
    return outcomes.stream().map(Outcome::id).collect(Collectors.toSet());
  }

  /**
   * What was said of the examples, for the choice of a threshold.
   *
   * @param examples all that were evaluated
   */
  public List<JudgedAnswer> answers(ExampleSet examples, double temperature) {
    Map<String, Example> byId =
        examples.examples().stream().collect(Collectors.toMap(Example::id, example -> example));
    return outcomes.stream()
        .map(
            outcome -> {
              Example example = Objects.requireNonNull(byId.get(outcome.id()));
              return new JudgedAnswer(
                  outcome.predicted(),
                  outcome.confidence(temperature),
                  outcome.isCorrect(),
                  example.audited(),
                  example.arrived());
            })
        .toList();
  }

  /** Mean cross entropy in nats. */
  double loss(double temperature) {
    return outcomes.stream().mapToDouble(o -> o.loss(temperature)).average().orElse(0);
  }

  /** Share that is correct, 0 to 1. */
  public double accuracy() {
    return outcomes.stream().mapToInt(o -> o.isCorrect() ? 1 : 0).average().orElse(0);
  }

  /** All measures, with confidences calibrated by a temperature. */
  public Measures measures(Method method, double temperature) {
    List<LabelMeasures> labels = labels();
    List<LabelMeasures> present = labels.stream().filter(label -> label.examples() > 0).toList();
    return new Measures(
        method,
        outcomes.size(),
        accuracy(),
        present.stream().mapToDouble(LabelMeasures::recall).average().orElse(0),
        present.stream().mapToInt(LabelMeasures::examples).max().orElse(0)
            / (double) Math.max(1, outcomes.size()),
        loss(temperature),
        calibrationError(temperature),
        calibrationError(1),
        labels,
        confusion(),
        reliability(temperature),
        mistakes(temperature));
  }

  private List<LabelMeasures> labels() {
    Map<String, Integer> actual = new TreeMap<>();
    Map<String, Integer> predicted = new TreeMap<>();
    Map<String, Integer> correct = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      actual.merge(outcome.actual(), 1, Integer::sum);
      predicted.merge(outcome.predicted(), 1, Integer::sum);
      correct.merge(outcome.actual(), outcome.isCorrect() ? 1 : 0, Integer::sum);
    }
    return Stream.concat(actual.keySet().stream(), predicted.keySet().stream())
        .distinct()
        .sorted()
        .map(
            label ->
                new LabelMeasures(
                    label,
                    actual.getOrDefault(label, 0),
                    ratio(correct.getOrDefault(label, 0), actual.getOrDefault(label, 0)),
                    ratio(correct.getOrDefault(label, 0), predicted.getOrDefault(label, 0))))
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
    for (Outcome outcome : outcomes) {
      cells
          .computeIfAbsent(outcome.actual(), a -> new TreeMap<>())
          .merge(outcome.predicted(), 1, Integer::sum);
    }
    List<Confusion> confusion = new ArrayList<>();
    cells.forEach(
        (actual, row) ->
            row.forEach(
                (predicted, count) -> confusion.add(new Confusion(actual, predicted, count))));
    return confusion.size() <= MOST_CONFUSIONS
        ? confusion
        : confusion.stream()
            .sorted(Comparator.comparingInt(cell -> -cell.count()))
            .limit(MOST_CONFUSIONS)
            .toList();
  }

  private List<Mistake> mistakes(double temperature) {
    return outcomes.stream()
        .filter(outcome -> !outcome.isCorrect())
        .map(o -> new Mistake(o.id(), o.actual(), o.predicted(), o.confidence(temperature)))
        .sorted(Comparator.comparingDouble(mistake -> -mistake.confidence()))
        .limit(MOST_MISTAKES)
        .toList();
  }

  /** Bins of equal width, the least confident first; empty ones are left out. */
  private List<Bin> reliability(double temperature) {
    int[] examples = new int[BINS];
    double[] confidences = new double[BINS];
    int[] correct = new int[BINS];
    for (Outcome outcome : outcomes) {
      double confidence = outcome.confidence(temperature);
      int bin = Math.min(BINS - 1, (int) (confidence * BINS));
      examples[bin]++;
      confidences[bin] += confidence;
      correct[bin] += outcome.isCorrect() ? 1 : 0;
    }
    return IntStream.range(0, BINS)
        .filter(bin -> examples[bin] > 0)
        .mapToObj(
            bin ->
                new Bin(
                    examples[bin],
                    confidences[bin] / examples[bin],
                    (double) correct[bin] / examples[bin]))
        .toList();
  }

  /**
   * Expected calibration error: the mean gap between confidence and accuracy over the bins (<a
   * href="https://arxiv.org/abs/1706.04599">Guo et al. 2017</a>).
   */
  private double calibrationError(double temperature) {
    return reliability(temperature).stream()
            .mapToDouble(bin -> bin.examples() * Math.abs(bin.accuracy() - bin.confidence()))
            .sum()
        / Math.max(1, outcomes.size());
  }
}

package io.afina.trainer;

import io.afina.decide.Acceptance.Point;
import io.afina.decide.JudgedAnswer;
import io.afina.decide.ThresholdSearch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The candidates that find a threshold, to compare what they promise with what they keep. */
final class DecideGuarantees {

  private static final int FEWEST = 20;

  private DecideGuarantees() {}

  /** Which predictions are accepted. */
  @FunctionalInterface
  interface Rule {
    boolean accepts(JudgedAnswer answer);
  }

  /** Makes a rule from judged answers and a promise. */
  @FunctionalInterface
  interface Guarantee {
    Rule rule(List<JudgedAnswer> answers, double precision);
  }

  static Map<String, Guarantee> all() {
    Map<String, Guarantee> all = new LinkedHashMap<>();
    all.put("none: the share itself", (answers, p) -> from(share(answers, p)));
    all.put("conformal risk control", (answers, p) -> from(conformal(answers, p)));
    all.put("Learn then Test", DecideGuarantees::learnThenTest);
    all.put("Learn then Test, by label", DecideGuarantees::byLabel);
    return all;
  }

  static Rule learnThenTest(List<JudgedAnswer> answers, double precision) {
    return from(ThresholdSearch.lowest(ThresholdSearch.points(answers), precision));
  }

  /** A threshold for each label that has enough, the others' for all else. */
  private static Rule byLabel(List<JudgedAnswer> answers, double precision) {
    Rule pooled = learnThenTest(answers, precision);
    Map<String, Rule> own =
        answers.stream().collect(Collectors.groupingBy(JudgedAnswer::predicted)).entrySet().stream()
            .filter(
                label ->
                    ThresholdSearch.lowest(ThresholdSearch.points(label.getValue()), precision)
                        .isPresent())
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, label -> learnThenTest(label.getValue(), precision)));
    return answer -> own.getOrDefault(answer.predicted(), pooled).accepts(answer);
  }

  /** The most that is right often enough among these answers: on the truth, the oracle. */
  static Optional<Point> share(List<JudgedAnswer> answers, double precision) {
    return ThresholdSearch.points(answers).stream()
        .filter(point -> point.right() >= precision * point.accepted())
        .reduce((before, next) -> next);
  }

  /**
   * Keeps the mean of (wrong less what is allowed) over the accepted at 0 or less, with one unseen
   * answer more that is as bad as can be.
   */
  private static Optional<Point> conformal(List<JudgedAnswer> answers, double precision) {
    return ThresholdSearch.points(answers).stream()
        .filter(point -> point.accepted() >= FEWEST)
        .filter(
            point ->
                point.accepted() - point.right() + precision <= (1 - precision) * point.accepted())
        .reduce((before, next) -> next);
  }

  static Rule from(Optional<Point> threshold) {
    return answer ->
        threshold.filter(point -> answer.confidence() >= point.threshold()).isPresent();
  }
}

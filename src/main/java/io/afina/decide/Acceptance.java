package io.afina.decide;

import io.afina.event.JsonShape.Range;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Decision;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Says which predictions of a head may be used unseen; it travels in the head's card. A prediction
 * is accepted if its confidence reaches the threshold of its label.
 *
 * @param precision share of the accepted predictions that are promised to be right, 0 to 1
 * @param threshold a confidence, 0 to 1; null while nothing is accepted
 * @param labels those with a promise of their own
 * @param doubt what the live correction leaves of the doubt that a threshold allows, 0 to 1: 1
 *     while accepted predictions are right as often as promised (see {@link LiveCorrection})
 * @param answers that the threshold comes from
 * @param why nothing is accepted, or how the threshold came about
 * @param curve what other thresholds would accept of the answers, the strictest first
 */
public record Acceptance(
    @Range(high = 1) double precision,
    @Range(high = 1) @Nullable Double threshold,
    List<OfLabel> labels,
    @Range(high = 1) double doubt,
    @Range int answers,
    String why,
    List<Point> curve) {

  public Acceptance {
    labels = List.copyOf(labels);
    curve = List.copyOf(curve);
  }

  /**
   * A label with a promise of its own.
   *
   * @param threshold a confidence, 0 to 1; null while nothing is accepted of this label
   */
  public record OfLabel(
      String label,
      @Range(high = 1) double precision,
      @Range(high = 1) @Nullable Double threshold) {}

  /**
   * What a threshold accepts of the answers.
   *
   * @param accepted how many reach the threshold
   * @param right how many of these are right
   */
  public record Point(@Range(high = 1) double threshold, @Range int accepted, @Range int right) {}

  /** The threshold for predictions of a label, corrected; empty while none of them is accepted. */
  public OptionalDouble threshold(String label) {
    Double least = promise(label).threshold();
    return least == null ? OptionalDouble.empty() : OptionalDouble.of(1 - (1 - least) * doubt);
  }

  /** What is promised of a label. */
  OfLabel promise(String label) {
    return labels.stream()
        .filter(one -> one.label().equals(label))
        .findFirst()
        .orElseGet(() -> new OfLabel(label, precision, threshold));
  }

  /** Whether a prediction may be used unseen. */
  boolean accepts(String label, double confidence) {
    OptionalDouble least = threshold(label);
    return least.isPresent() && confidence >= least.getAsDouble();
  }

  /** The prediction with its decision; itself where it has no label. */
  public Prediction decide(Prediction prediction) {
    if (prediction.label() == null || prediction.confidence() == null) {
      return prediction;
    }
    OptionalDouble least = threshold(prediction.label());
    return prediction.decided(
        accepts(prediction.label(), prediction.confidence()) ? Decision.ACCEPT : Decision.DEFER,
        least.isPresent() ? least.getAsDouble() : null);
  }

  /** The same with another correction. */
  public Acceptance corrected(double left) {
    return new Acceptance(precision, threshold, labels, left, answers, why, curve);
  }
}

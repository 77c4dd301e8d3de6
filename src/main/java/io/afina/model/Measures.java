package io.afina.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * How good a head is on examples that it was not trained on.
 *
 * @param method how the examples were kept apart
 * @param examples how many it was judged on
 * @param accuracy share that it gets right, 0 to 1
 * @param balancedAccuracy mean of the labels' recalls, 0 to 1
 * @param majority share of the commonest label: what always saying it would get right
 * @param logLoss mean negative logarithm of the probability given to the right label, in nats
 * @param ece expected calibration error with the temperature, 0 to 1, over 15 bins of confidence
 * @param eceUncalibrated the same without the temperature
 * @param labels one entry a label of the head or of the examples, sorted by label
 * @param confusion the cells that are not zero
 * @param reliability how often the head is right where it is so sure, bins from unsure to sure;
 *     those without answers are left out
 * @param mistakes of the most confident ones, some
 */
public record Measures(
    Method method,
    int examples,
    double accuracy,
    double balancedAccuracy,
    double majority,
    double logLoss,
    double ece,
    double eceUncalibrated,
    List<LabelMeasures> labels,
    List<Confusion> confusion,
    List<Bin> reliability,
    List<Mistake> mistakes) {

  public Measures {
    labels = List.copyOf(labels);
    confusion = List.copyOf(confusion);
    reliability = reliability == null ? List.of() : List.copyOf(reliability);
    mistakes = mistakes == null ? List.of() : List.copyOf(mistakes);
  }

  /** Without single answers. */
  public Measures(
      Method method,
      int examples,
      double accuracy,
      double balancedAccuracy,
      double majority,
      double logLoss,
      double ece,
      double eceUncalibrated,
      List<LabelMeasures> labels,
      List<Confusion> confusion) {
    this(
        method,
        examples,
        accuracy,
        balancedAccuracy,
        majority,
        logLoss,
        ece,
        eceUncalibrated,
        labels,
        confusion,
        List.of(),
        List.of());
  }

  /** How the examples were kept apart; written in lower case with hyphens. */
  public enum Method {
    /** A share of the examples, chosen by a hash of the image id, is never trained on. */
    @JsonProperty("holdout")
    HOLDOUT,
    /** Every example was judged by a head trained on the other folds. */
    @JsonProperty("cross-validation")
    CROSS_VALIDATION
  }

  /**
   * One label.
   *
   * @param examples how many bear it
   * @param recall share of them that the head gets right, 0 to 1; 0 when there are none
   * @param precision share of the answers with this label that are right, 0 to 1; 0 when there are
   *     none
   */
  public record LabelMeasures(String label, int examples, double recall, double precision) {}

  /** So many examples bear one label and were answered with another, or with the same. */
  public record Confusion(String actual, String answered, int count) {}

  /**
   * Answers of about the same confidence.
   *
   * @param confidence their mean, with the temperature, 0 to 1
   * @param accuracy share of them that is right, 0 to 1
   */
  public record Bin(int examples, double confidence, double accuracy) {}

  /** An example that was answered wrongly. */
  public record Mistake(String id, String actual, String answered, double confidence) {}
}

package io.afina.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.afina.event.JsonShape.Added;
import io.afina.event.JsonShape.Range;
import java.util.List;

/**
 * An evaluation on examples that were not trained on.
 *
 * @param method how the examples were held out
 * @param examples how many it was evaluated on
 * @param accuracy share of correct predictions, 0 to 1
 * @param balancedAccuracy mean recall of the labels, 0 to 1
 * @param majority share of the commonest label: the accuracy of always predicting it
 * @param logLoss mean cross entropy in nats
 * @param ece expected calibration error with the temperature, 0 to 1, over 15 bins
 * @param eceUncalibrated the same without the temperature
 * @param labels one entry a label of the head or of the examples, sorted by label
 * @param confusion the cells that are not zero; the 1000 largest where there are more
 * @param reliability bins of confidence, the least confident first; empty ones are left out
 * @param mistakes the most confident ones
 */
public record Measures(
    Method method,
    @Range int examples,
    @Range(high = 1) double accuracy,
    @Range(high = 1) double balancedAccuracy,
    @Range(high = 1) double majority,
    @Range double logLoss,
    @Range(high = 1) double ece,
    @Range(high = 1) double eceUncalibrated,
    List<LabelMeasures> labels,
    List<Confusion> confusion,
    @Added List<Bin> reliability,
    @Added List<Mistake> mistakes) {

  public Measures {
    labels = List.copyOf(labels);
    confusion = List.copyOf(confusion);
    reliability = reliability == null ? List.of() : List.copyOf(reliability);
    mistakes = mistakes == null ? List.of() : List.copyOf(mistakes);
  }

  /** How the examples were held out; written in lower case with hyphens. */
  public enum Method {
    /** On a share of the examples, chosen by a hash of the image id, of a head without these. */
    @JsonProperty("holdout")
    HOLDOUT,
    /** Every example by a head trained on the other folds. */
    @JsonProperty("cross-validation")
    CROSS_VALIDATION
  }

  /**
   * The measures of one label.
   *
   * @param examples how many have it
   * @param recall 0 to 1; 0 when there is no such example
   * @param precision 0 to 1; 0 when it is never predicted
   */
  public record LabelMeasures(
      String label,
      @Range int examples,
      @Range(high = 1) double recall,
      @Range(high = 1) double precision) {}

  /** A cell of the confusion matrix: examples of one label that were predicted as another. */
  public record Confusion(String actual, String answered, @Range int count) {}

  /**
   * Predictions of about the same confidence.
   *
   * @param confidence their mean, with the temperature, 0 to 1
   * @param accuracy share of them that is correct, 0 to 1
   */
  public record Bin(
      @Range int examples, @Range(high = 1) double confidence, @Range(high = 1) double accuracy) {}

  /** An example that was predicted wrongly. */
  public record Mistake(
      String id, String actual, String answered, @Range(high = 1) double confidence) {}
}

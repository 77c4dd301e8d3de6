package io.afina.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image that people are asked to label.
 *
 * @param reason why it was selected
 * @param uncertainty 0 for certain, 1 for unknown
 */
public record ReviewItem(Prediction prediction, ReviewReason reason, double uncertainty) {

  public ReviewItem {
    if (prediction == null || reason == null || !(uncertainty >= 0 && uncertainty <= 1)) {
      throw new MalformedRecordException(
          "needs a prediction, a reason and an uncertainty from 0 to 1");
    }
  }

  /** Why an image is selected for review; written in lower case with hyphens. */
  public enum ReviewReason {
    /** The champion is uncertain. */
    @JsonProperty("uncertain")
    UNCERTAIN,
    /** The embedding is far from all that the champion was trained on. */
    @JsonProperty("novel")
    NOVEL,
    /** Champion and challenger disagree. */
    @JsonProperty("disagreement")
    DISAGREEMENT,
    /** Sampled at random, to measure the champion without bias. */
    @JsonProperty("audit")
    AUDIT,
    /** There is no champion yet. */
    @JsonProperty("no-model")
    NO_MODEL;

    /** The text of the reason: {@code no-model}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Parses a reason; empty for null, and for one that this version lacks. */
    public static Optional<ReviewReason> parse(@Nullable String text) {
      return Arrays.stream(values()).filter(reason -> reason.text().equals(text)).findFirst();
    }
  }
}

package io.afina.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image that Afina asks people to label.
 *
 * @param prediction what the head said of it
 * @param reason why it is asked
 * @param uncertainty how much a label is worth: 0 is sure, 1 knows nothing
 */
public record ReviewItem(Prediction prediction, ReviewReason reason, double uncertainty) {

  public ReviewItem {
    if (prediction == null || reason == null || !(uncertainty >= 0 && uncertainty <= 1)) {
      throw new MalformedRecordException(
          "needs a prediction, a reason and an uncertainty from 0 to 1");
    }
  }

  /** Why an image is asked about; written in lower case with hyphens. */
  public enum ReviewReason {
    /** The head hesitates. */
    @JsonProperty("uncertain")
    UNCERTAIN,
    /** The embedding is far from all that were trained on. */
    @JsonProperty("novel")
    NOVEL,
    /** Champion and challenger differ. */
    @JsonProperty("disagreement")
    DISAGREEMENT,
    /** Drawn by chance, to measure the head where it is sure. */
    @JsonProperty("audit")
    AUDIT,
    /** No head answers yet. */
    @JsonProperty("no-model")
    NO_MODEL;

    /** As it is written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The reason that is written so; empty for none, and for one that this version lacks. */
    public static Optional<ReviewReason> parse(@Nullable String text) {
      return Arrays.stream(values()).filter(reason -> reason.text().equals(text)).findFirst();
    }
  }
}

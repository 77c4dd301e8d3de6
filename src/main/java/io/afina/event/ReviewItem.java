package io.afina.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image that people are asked to label.
 *
 * @param reason why it was selected
 * @param uncertainty 0 for certain, 1 for unknown
 * @param embedding of the image, of the backbone that the prediction names: numbers in half
 *     precision, big-endian, in base64; null in records of earlier versions. Whoever holds the item
 *     can score it again with another head
 */
public record ReviewItem(
    Prediction prediction, ReviewReason reason, double uncertainty, @Nullable String embedding) {

  public ReviewItem {
    if (prediction == null || reason == null || !(uncertainty >= 0 && uncertainty <= 1)) {
      throw new MalformedRecordException(
          "needs a prediction, a reason and an uncertainty from 0 to 1");
    }
  }

  /** An item with the embedding of its image. */
  public static ReviewItem of(
      Prediction prediction, ReviewReason reason, double uncertainty, float[] embedding) {
    ByteBuffer halves = ByteBuffer.allocate(Short.BYTES * embedding.length);
    for (float value : embedding) {
      halves.putShort(Float16.fromFloat(value));
    }
    String text = Base64.getEncoder().encodeToString(halves.array());
    return new ReviewItem(prediction, reason, uncertainty, text);
  }

  /** The same item with another prediction. */
  public ReviewItem predicted(Prediction other, double uncertain) {
    return new ReviewItem(other, reason, uncertain, embedding);
  }

  /** The numbers of the embedding; empty when it has none that can be read. */
  public Optional<float[]> vector() {
    if (embedding == null) {
      return Optional.empty();
    }
    try {
      ByteBuffer halves = ByteBuffer.wrap(Base64.getDecoder().decode(embedding));
      float[] values = new float[halves.remaining() / Short.BYTES];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float16.toFloat(halves.getShort());
      }
      return Optional.of(values);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
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
    NO_MODEL,
    /** Its label looks wrong. */
    @JsonProperty("suspect")
    SUSPECT;

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

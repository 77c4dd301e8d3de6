package io.afina.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The prediction for an image event.
 *
 * @param label the most likely label, or null while there is no champion
 * @param confidence probability of the label, 0 to 1, calibrated by the head's temperature
 * @param top up to five labels, most likely first
 * @param margin confidence of the first label less that of the second
 * @param entropy of the whole distribution, in nats
 * @param head version of the champion, or null
 * @param backbone identity of the backbone: the SHA-256 of its file in hex
 * @param image where the image event is
 * @param timings how long it took
 * @param shadow the challenger's prediction for the same embedding, or null without one
 * @param novelty share of the champion's own examples that are nearer to its centroids, 0 to 1;
 *     null without a champion or centroids
 * @param decision whether it may be used unseen; null while nothing is promised
 * @param threshold the confidence from which on it would be accepted, 0 to 1; null while nothing is
 */
public record Prediction(
    @Nullable String label,
    @Nullable Double confidence,
    List<Score> top,
    @Nullable Double margin,
    @Nullable Double entropy,
    @Nullable Long head,
    String backbone,
    Position image,
    Timings timings,
    @Nullable Shadow shadow,
    @Nullable Double novelty,
    @Nullable Decision decision,
    @Nullable Double threshold) {

  public Prediction {
    top = List.copyOf(top);
  }

  /** Without a promise. */
  public Prediction(
      @Nullable String label,
      @Nullable Double confidence,
      List<Score> top,
      @Nullable Double margin,
      @Nullable Double entropy,
      @Nullable Long head,
      String backbone,
      Position image,
      Timings timings,
      @Nullable Shadow shadow,
      @Nullable Double novelty) {
    this(
        label,
        confidence,
        top,
        margin,
        entropy,
        head,
        backbone,
        image,
        timings,
        shadow,
        novelty,
        null,
        null);
  }

  /** The same with a decision. */
  public Prediction decided(Decision made, @Nullable Double from) {
    return new Prediction(
        label,
        confidence,
        top,
        margin,
        entropy,
        head,
        backbone,
        image,
        timings,
        shadow,
        novelty,
        made,
        from);
  }

  /** Whether a prediction may be used unseen; written in lower case. */
  public enum Decision {
    /** It may, at the promised precision. */
    @JsonProperty("accept")
    ACCEPT,
    /** A person should look. */
    @JsonProperty("defer")
    DEFER;

    /** The text of the decision: {@code accept}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One label and its probability, 0 to 1. */
  public record Score(String label, double confidence) {}

  /**
   * The prediction of a challenger.
   *
   * @param head its version
   * @param label the most likely label
   * @param confidence probability of the label, 0 to 1
   */
  public record Shadow(long head, String label, double confidence) {}

  /**
   * Partition, offset and timestamp (milliseconds since 1970) of the image event on {@code images}.
   */
  public record Position(int partition, long offset, long timestamp) {}

  /** Milliseconds from the image's timestamp to its turn, in decoding, and in the backbone. */
  public record Timings(double queue, double decode, double inference) {}
}

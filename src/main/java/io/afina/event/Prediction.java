package io.afina.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a head said of an image event.
 *
 * @param label the most likely label, or null while no head answers
 * @param confidence probability of the label, 0 to 1, calibrated by the head's temperature
 * @param top up to five labels, most likely first
 * @param margin confidence of the first label less that of the second
 * @param entropy of the whole distribution, in nats
 * @param head version of the head that answered, or null
 * @param backbone identity of the backbone: the SHA-256 of its file in hex
 * @param image where the image event is
 * @param timings how long it took
 * @param shadow what the challenger said of the same embedding, or null when there is none
 * @param novelty share of the champion's own examples that are nearer to what it knows, 0 to 1: how
 *     unlike them the image is; null without a champion, or by one that does not know
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
    @Nullable Double novelty) {

  public Prediction {
    top = List.copyOf(top);
  }

  /** One label and its probability, 0 to 1. */
  public record Score(String label, double confidence) {}

  /**
   * What a head said that does not answer.
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

package io.afina.event;

import io.afina.event.ReviewItem.ReviewReason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A correction joined with the embedding of its image.
 *
 * @param label what the image is, by the last word on it
 * @param labeller who said so, if known
 * @param at when it was said
 * @param embedding of the image; on the topic in half precision
 * @param asked why somebody was asked about the image, or null
 * @param votes the last word of everybody who said what it is, oldest first; empty when that was
 *     one labeller alone
 */
public record TrainingExample(
    String label,
    @Nullable String labeller,
    Instant at,
    Embedding embedding,
    @Nullable ReviewReason asked,
    List<Vote> votes) {

  public TrainingExample {
    votes = List.copyOf(votes);
  }

  /** One labeller alone said what it is, unasked. */
  public TrainingExample(String label, @Nullable String labeller, Instant at, Embedding embedding) {
    this(label, labeller, at, embedding, null, List.of());
  }

  /** What one labeller said; all of whom nothing is known are one. */
  public record Vote(@Nullable String labeller, String label) {}
}

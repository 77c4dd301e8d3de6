package io.afina.event;

import io.afina.event.ReviewItem.ReviewReason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A correction joined with the embedding of its image.
 *
 * @param label the last label that was given
 * @param labeller who gave it, if known
 * @param at when it was given
 * @param embedding of the image; on the topic in half precision
 * @param asked the reason of the image's review item, or null
 * @param votes the last label of every labeller, oldest first; empty for a single labeller
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

  /** An example of a single labeller, without a review item. */
  public TrainingExample(String label, @Nullable String labeller, Instant at, Embedding embedding) {
    this(label, labeller, at, embedding, null, List.of());
  }

  /** The label that one labeller gave; all unknown labellers count as one. */
  public record Vote(@Nullable String labeller, String label) {}
}

package io.afina.event;

import io.afina.event.ReviewItem.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A correction joined with the embedding of its image.
 *
 * @param label what the image is
 * @param labeller who said so, if known
 * @param at when it was said
 * @param embedding of the image; on the topic in half precision
 * @param asked why somebody was asked about the image, or null
 */
public record TrainingExample(
    String label,
    @Nullable String labeller,
    Instant at,
    Embedding embedding,
    @Nullable Reason asked) {

  /** Nobody was asked about it. */
  public TrainingExample(String label, @Nullable String labeller, Instant at, Embedding embedding) {
    this(label, labeller, at, embedding, null);
  }
}

package io.afina.event;

import io.afina.event.ReviewItem.ReviewReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A correction joined with the embeddings of its image, one a backbone: while a backbone is being
 * replaced, an image has one of the old and one of the new.
 *
 * @param label the last label that was given
 * @param labeller who gave it, if known
 * @param at when it was given
 * @param embeddings of the image, one to {@link #EMBEDDINGS}; the first is of the backbone that
 *     classified it. On the topic in half precision
 * @param asked the reason of the image's review item, or null
 * @param votes the last label of every labeller, oldest first; empty for a single labeller
 * @param joined when the label joined the image, in an example that was written again since with
 *     other embeddings, which is no new label; null in others
 */
public record TrainingExample(
    String label,
    @Nullable String labeller,
    Instant at,
    List<Embedding> embeddings,
    @Nullable ReviewReason asked,
    List<Vote> votes,
    @Nullable Instant joined) {

  /** The most embeddings of an example. */
  public static final int EMBEDDINGS = 3;

  public TrainingExample {
    embeddings = List.copyOf(embeddings);
    votes = List.copyOf(votes);
    long backbones = embeddings.stream().map(Embedding::backbone).distinct().count();
    if (backbones == 0 || backbones > EMBEDDINGS || backbones < embeddings.size()) {
      throw new IllegalArgumentException(
          "has embeddings of %s, and needs those of 1 to %d different backbones"
              .formatted(embeddings.stream().map(Embedding::backbone).toList(), EMBEDDINGS));
    }
  }

  /** An example with the embedding of one backbone. */
  public TrainingExample(
      String label,
      @Nullable String labeller,
      Instant at,
      Embedding embedding,
      @Nullable ReviewReason asked,
      List<Vote> votes) {
    this(label, labeller, at, List.of(embedding), asked, votes, null);
  }

  /** An example of a single labeller, without a review item. */
  public TrainingExample(String label, @Nullable String labeller, Instant at, Embedding embedding) {
    this(label, labeller, at, embedding, null, List.of());
  }

  /** The label that one labeller gave; all unknown labellers count as one. */
  public record Vote(@Nullable String labeller, String label) {}

  /** The embedding of the backbone that classified the image. */
  public Embedding embedding() {
    return embeddings.get(0);
  }

  /** The embedding of a backbone, by its SHA-256 in hex. */
  public Optional<Embedding> embedding(String backbone) {
    return embeddings.stream().filter(each -> each.backbone().equals(backbone)).findFirst();
  }
}

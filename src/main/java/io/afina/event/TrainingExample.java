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
 * @param image where its picture is; null in one that an older version made
 * @param checked whether somebody was shown that the label looks wrong, and said this one
 */
public record TrainingExample(
    String label,
    @Nullable String labeller,
    Instant at,
    List<Embedding> embeddings,
    @Nullable ReviewReason asked,
    List<Vote> votes,
    @Nullable Instant joined,
    @Nullable ImagePlace image,
    boolean checked) {

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

  /** An example that nobody has checked. */
  public TrainingExample(
      String label,
      @Nullable String labeller,
      Instant at,
      List<Embedding> embeddings,
      @Nullable ReviewReason asked,
      List<Vote> votes,
      @Nullable Instant joined,
      @Nullable ImagePlace image) {
    this(label, labeller, at, embeddings, asked, votes, joined, image, false);
  }

  /** An example with the embedding of one backbone. */
  public TrainingExample(
      String label,
      @Nullable String labeller,
      Instant at,
      Embedding embedding,
      @Nullable ReviewReason asked,
      List<Vote> votes) {
    this(label, labeller, at, List.of(embedding), asked, votes, null, null);
  }

  /** An example of a single labeller, without a review item. */
  public TrainingExample(String label, @Nullable String labeller, Instant at, Embedding embedding) {
    this(label, labeller, at, embedding, null, List.of());
  }

  /** The label that one labeller gave; all unknown labellers count as one. */
  public record Vote(@Nullable String labeller, String label) {}

  /**
   * Where the picture of an image is.
   *
   * @param partition of the image event on {@code images}, as is the offset
   * @param uri the address that the event referred to, if it was a reference; without a query
   * @param sha256 of the picture in lower-case hex, if the event said it
   * @param kept whether a reduced copy is on {@code pictures}
   */
  public record ImagePlace(
      int partition, long offset, @Nullable String uri, @Nullable String sha256, boolean kept) {

    private static final int SHA256 = 64;

    /** On {@code images}. */
    public ImagePlace(int partition, long offset) {
      this(partition, offset, null, null, false);
    }

    /** The same, which refers to an address. */
    public ImagePlace at(String address, @Nullable String hash) {
      return new ImagePlace(partition, offset, address, hash, kept);
    }

    /** The same with its copy, or without. */
    public ImagePlace kept(boolean now) {
      return new ImagePlace(partition, offset, uri, sha256, now);
    }

    /** Whether another place is that of the same image event. */
    public boolean isSame(ImagePlace other) {
      return partition == other.partition && offset == other.offset;
    }

    /**
     * Checks what somebody else may have written.
     *
     * @throws MalformedRecordException when it is no place
     */
    public ImagePlace requireLimits() {
      RecordLimits.require("an address", uri, RecordLimits.URI);
      RecordLimits.require("a hash", sha256, SHA256);
      if (partition < 0 || offset < 0) {
        throw new MalformedRecordException(
            "has the place %d-%d of an image".formatted(partition, offset));
      }
      return this;
    }
  }

  /** The embedding of the backbone that classified the image. */
  public Embedding embedding() {
    return embeddings.get(0);
  }

  /** The embedding of a backbone, by its SHA-256 in hex. */
  public Optional<Embedding> embedding(String backbone) {
    return embeddings.stream().filter(each -> each.backbone().equals(backbone)).findFirst();
  }
}

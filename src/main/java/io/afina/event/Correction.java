package io.afina.event;

import io.afina.event.ReviewItem.ReviewReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a labeller says an image is.
 *
 * @param label the label; it may be a new one
 * @param labeller who labelled it, if known
 * @param at when, if known; else the record's timestamp counts
 * @param note free text
 * @param asked the reason of the review item, or null when there was none
 */
public record Correction(
    String label,
    @Nullable String labeller,
    @Nullable Instant at,
    @Nullable String note,
    @Nullable ReviewReason asked) {

  /** The longest label, in characters. */
  public static final int MAX_LABEL = 200;

  public Correction {
    if (label == null || label.isBlank()) {
      throw new MalformedRecordException("has no label");
    }
    label = label.strip();
    if (label.length() > MAX_LABEL) {
      throw new MalformedRecordException(
          "has a label of %d characters, the limit is %d".formatted(label.length(), MAX_LABEL));
    }
  }

  /** A correction that no review item asked for. */
  public Correction(
      String label, @Nullable String labeller, @Nullable Instant at, @Nullable String note) {
    this(label, labeller, at, note, null);
  }

  /** The same correction, in answer to a review item. */
  public Correction inAnswerTo(@Nullable ReviewReason reason) {
    return new Correction(label, labeller, at, note, reason);
  }
}

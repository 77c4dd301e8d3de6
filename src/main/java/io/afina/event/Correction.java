package io.afina.event;

import io.afina.event.ReviewItem.ReviewReason;
import io.afina.label.name.LabelName;
import java.time.Duration;
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

  /** The most that the clock of whoever corrects may be ahead. */
  private static final Duration AHEAD = Duration.ofDays(1);

  public Correction {
    label = label == null ? "" : LabelName.spelling(label);
    if (label.isEmpty()) {
      throw new MalformedRecordException("has no label");
    }
    if (label.length() > RecordLimits.LABEL) {
      throw new MalformedRecordException(
          "has a label of %d characters, the limit is %d"
              .formatted(label.length(), RecordLimits.LABEL));
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

  /** The same correction, of those of whom nothing is known. */
  public Correction unnamed() {
    return new Correction(label, null, at, note, asked);
  }

  /**
   * The same correction, if it is within the limits. One that was stored before there were limits
   * may not be.
   *
   * @param now the time to which that of the correction is compared
   * @throws MalformedRecordException when a text is too long or no text, the label has control
   *     characters, or the time is not after the beginning of 1970 (as which a number beyond all
   *     times is read) or more than a day from now
   */
  public Correction requireLimits(Instant now) {
    RecordLimits.require("a label", label, RecordLimits.LABEL);
    LabelName.fault(label)
        .ifPresent(
            fault -> {
              throw new MalformedRecordException("has a label with " + fault);
            });
    requireLimits(labeller, at, note, now);
    return this;
  }

  static void requireLimits(
      @Nullable String labeller, @Nullable Instant at, @Nullable String note, Instant now) {
    RecordLimits.require("a labeller", labeller, RecordLimits.LABELLER);
    RecordLimits.require("a note", note, RecordLimits.NOTE);
    if (at != null && (!at.isAfter(Instant.EPOCH) || at.isAfter(now.plus(AHEAD)))) {
      throw new MalformedRecordException(
          "says that it was made at %s, which is not after 1970 began, or more than a day from now; a number counts as seconds since 1970, not milliseconds"
              .formatted(at));
    }
  }
}

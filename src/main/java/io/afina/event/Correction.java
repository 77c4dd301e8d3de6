package io.afina.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a labeller says an image is.
 *
 * @param label the label; it may be one that nobody used before
 * @param labeller who says so, if known
 * @param at when, if known; else the record's timestamp counts
 * @param note free text
 */
public record Correction(
    String label, @Nullable String labeller, @Nullable Instant at, @Nullable String note) {

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

  public static Correction of(String label, String labeller) {
    return new Correction(label, labeller, null, null);
  }
}

package io.afina.event;

import static io.afina.event.AfinaHeaders.get;
import static io.afina.event.AfinaHeaders.put;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * Why a record could not be used, and where it was. The record itself stands unchanged on {@code
 * dead-letters}, key, value and headers; this is what {@code afina.*} headers add to it.
 *
 * @param topic where the record was
 * @param partition of that topic
 * @param offset in that partition
 * @param timestamp of the record, milliseconds since 1970
 * @param stage what was being done with it
 * @param reason what kind of thing is wrong
 * @param error one sentence for people
 * @param at when it was set aside
 */
public record DeadLetter(
    String topic,
    int partition,
    long offset,
    long timestamp,
    Stage stage,
    Reason reason,
    String error,
    Instant at) {

  private static final String TOPIC = "topic";

  /** What was being done with the record. */
  public enum Stage {
    /** Reading an image event's key and picture. */
    DECODE,
    /** Running the backbone. */
    EMBED,
    /** Reading a correction. */
    CORRECTION,
    /** Joining a correction with the embedding of its image. */
    JOIN;

    /** As it stands in the header: {@code decode}. */
    public String text() {
      return DeadLetter.text(this);
    }
  }

  /** What kind of thing is wrong; written in lower case with hyphens. */
  public enum Reason {
    NO_KEY,
    BAD_KEY,
    KEY_TOO_LONG,
    EMPTY,
    TOO_MANY_BYTES,
    TOO_MANY_PIXELS,
    TOO_MANY_FRAMES,
    NOT_A_PICTURE,
    WRONG_CONTENT_TYPE,
    BROKEN_PICTURE,
    ENGINE_FAILURE,
    MALFORMED,
    NO_IMAGE;

    /** Reads it from its text; empty when there is no such reason. */
    public static Optional<Reason> parse(String text) {
      return Arrays.stream(values()).filter(reason -> reason.text().equals(text)).findFirst();
    }

    /** As it stands in the header: {@code not-a-picture}. */
    public String text() {
      return DeadLetter.text(this);
    }
  }

  /** Adds what is known to a record's headers. */
  public void addTo(Headers headers) {
    put(headers, TOPIC, topic);
    put(headers, "partition", Integer.toString(partition));
    put(headers, "offset", Long.toString(offset));
    put(headers, "timestamp", Long.toString(timestamp));
    put(headers, "stage", text(stage));
    put(headers, "reason", text(reason));
    put(headers, "error", error);
    put(headers, "at", at.toString());
  }

  /** Whether a record with these headers is a dead letter, readable or not. */
  static boolean isIn(Headers headers) {
    return AfinaHeaders.has(headers, TOPIC);
  }

  /**
   * Reads it back from a dead letter's headers.
   *
   * @throws MalformedRecordException when a header is missing or not of its form
   */
  public static DeadLetter from(Headers headers) {
    try {
      return new DeadLetter(
          get(headers, TOPIC),
          Integer.parseInt(get(headers, "partition")),
          Long.parseLong(get(headers, "offset")),
          Long.parseLong(get(headers, "timestamp")),
          Stage.valueOf(constant(get(headers, "stage"))),
          Reason.valueOf(constant(get(headers, "reason"))),
          get(headers, "error"),
          Instant.parse(get(headers, "at")));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new MalformedRecordException(
          "has an unreadable dead letter header: " + e.getMessage(), e);
    }
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String constant(String text) {
    return text.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}

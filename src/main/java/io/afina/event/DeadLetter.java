package io.afina.event;

import static io.afina.event.AfinaHeaders.get;
import static io.afina.event.AfinaHeaders.put;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * Why a record could not be used, and where it was: the {@code afina.*} headers that a record gets
 * on {@code dead-letters}, where its key, value and other headers are unchanged.
 *
 * @param topic where the record was
 * @param partition of that topic
 * @param offset in that partition
 * @param timestamp of the record, milliseconds since 1970
 * @param stage in which it failed
 * @param reason why it failed
 * @param error one sentence for people
 * @param at when it was written
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
  private static final String OMITTED = "omitted";

  /** Part of what is wrong may be quoted, and that may be long. */
  private static final int LONGEST_ERROR = 1_000;

  public DeadLetter {
    if (error.length() > LONGEST_ERROR) {
      error = error.substring(0, LONGEST_ERROR - 2) + " …";
    }
  }

  /** The processing stage in which a record failed. */
  public enum Stage {
    /** Fetching the picture that an image event refers to. */
    FETCH,
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

  /** Why a record failed; written in lower case with hyphens. */
  public enum Reason {
    NO_KEY,
    BAD_KEY,
    KEY_TOO_LONG,
    EMPTY,
    BAD_REFERENCE,
    FORBIDDEN,
    UNREACHABLE,
    NOT_FOUND,
    HASH_MISMATCH,
    TOO_MANY_BYTES,
    TOO_MANY_PIXELS,
    TOO_MANY_FRAMES,
    NOT_A_PICTURE,
    /** Of former versions, whose dead letters are still there. */
    WRONG_CONTENT_TYPE,
    BROKEN_PICTURE,
    ENGINE_FAILURE,
    MALFORMED,
    TOO_MANY_HEADER_BYTES,
    NO_IMAGE;

    /** Parses a reason; empty when there is no such one. */
    public static Optional<Reason> parse(String text) {
      return Arrays.stream(values()).filter(reason -> reason.text().equals(text)).findFirst();
    }

    /** As it stands in the header: {@code not-a-picture}. */
    public String text() {
      return DeadLetter.text(this);
    }
  }

  /** Adds this to a record's headers. */
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

  /**
   * Adds that the record is too large for {@code dead-letters}: nothing of it but its key is here.
   */
  public static void markOmitted(Headers headers, long bytes) {
    put(headers, OMITTED, Long.toString(bytes));
  }

  /** Whether the record was too large, so that it is only where it came from. */
  public static boolean isOmitted(Headers headers) {
    return AfinaHeaders.has(headers, OMITTED);
  }

  /** Whether a record with these headers is a dead letter, readable or not. */
  public static boolean isIn(Headers headers) {
    return AfinaHeaders.has(headers, TOPIC);
  }

  /**
   * Reads a dead letter's headers.
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

package io.afina.event;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what corrections and heads may say, and computes from it how large the records can get
 * that the classifier writes: in bytes, with all that Kafka puts around a record. A topic that
 * takes {@link #TOPIC_BYTES}, Kafka's default, takes each of them.
 *
 * @param keyBytes of the longest image id
 * @param headerBytes of all the headers of a record that travel, without those of its trace
 * @param dimensions of an embedding
 */
public record RecordLimits(int keyBytes, int headerBytes, int dimensions) {

  /** The longest label, in characters. */
  public static final int LABEL = 200;

  /** The longest name of a labeller, in characters. */
  public static final int LABELLER = 200;

  /** The longest note, in characters. */
  public static final int NOTE = 4_000;

  /** The longest source of a CloudEvent that a prediction is, in characters. */
  public static final int EVENT_SOURCE = 300;

  /** The largest correction, in bytes: key, value and headers. */
  public static final int CORRECTION_BYTES = 65_536;

  /** The most labellers of one image whose last labels are remembered. */
  public static final int VOTES = 50;

  /** The longest address of a picture, in characters. */
  public static final int URI = 4_096;

  /** The largest kept picture, in bytes. */
  public static final int PICTURE_BYTES = 800_000;

  /** Nothing is configured, and no backbone is run, that is beyond these. */
  public static final RecordLimits WIDEST = new RecordLimits(10_000, 65_536, 65_536);

  /** What a topic takes by Kafka's default, {@code max.message.bytes}. */
  public static final int TOPIC_BYTES = 1_048_588;

  /** What {@code topics/dead-letters.yaml} says that the topic takes. */
  public static final int DEAD_LETTER_BYTES = 33_554_432;

  /** More than a batch of one record has beside keys, values and headers. */
  private static final int FRAME = 128;

  /** More than a header has beside its name and its value. */
  private static final int HEADER = 10;

  /** A character as JSON escapes it, and as JSON escapes that once more within a text. */
  private static final int ESCAPED = 6;

  private static final int ESCAPED_TWICE = 7;

  /** Names, braces, numbers and times of a JSON object, generously. */
  private static final int FIELDS = 1_000;

  /** A vote in the join's stores but for its texts. */
  private static final int VOTE =
      "{'label':'','labeller':'','at':'1970-01-01T00:00:00.000000000Z','note':null,'asked':null},"
          .length();

  private static final int TRACE_BYTES = 2 * 1024;

  /** The place of an image as JSON: its address is ASCII, of which some is escaped. */
  private static final int PLACE = 2 * URI + 500;

  /** The attributes of a CloudEvent but for its subject, names included, generously. */
  private static final int EVENT_BYTES = 4 * EVENT_SOURCE + 1_000;

  private static final int TOPIC_NAME = 249;
  private static final int SCORES = 5;
  private static final int WINDOW_KEY = 12;

  /** The size of a record. */
  public static long bytes(
      byte @Nullable [] key, byte @Nullable [] value, Iterable<? extends Header> headers) {
    long bytes = (long) FRAME + length(key) + length(value);
    for (Header header : headers) {
      bytes += bytes(header);
    }
    return bytes;
  }

  /** The size of a header in a record. */
  public static long bytes(Header header) {
    return HEADER
        + (long) header.key().getBytes(StandardCharsets.UTF_8).length
        + length(header.value());
  }

  /**
   * Checks a text that goes into records.
   *
   * @param what it is, with its article: {@code a note}
   * @param most characters
   * @throws MalformedRecordException when it is too long, or cannot be written as UTF-8 because
   *     half of a surrogate pair is missing
   */
  public static void require(String what, @Nullable String text, int most) {
    if (text == null) {
      return;
    }
    if (text.length() > most) {
      throw new MalformedRecordException(
          "has %s of %,d characters, the limit is %,d".formatted(what, text.length(), most));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MalformedRecordException(
          "has %s with half of a surrogate pair, which is no character".formatted(what));
    }
  }

  /** The largest record on {@code predictions}. */
  public int prediction() {
    return record(keyBytes, predictionJson(), travelling() + EVENT_BYTES + keyBytes);
  }

  /** The largest record on {@code review}. */
  public int review() {
    int base64 = 4 * (dimensions * Short.BYTES / 3 + 1);
    return record(keyBytes, predictionJson() + base64 + FIELDS, travelling());
  }

  /** The largest record on {@code training}. */
  public int training() {
    int votes = VOTES * (ESCAPED_TWICE * (LABEL + LABELLER) + 2 * voteFields());
    int texts = ESCAPED * (LABEL + LABELLER) + votes + FIELDS;
    int embeddings = TrainingExample.EMBEDDINGS * dimensions * Short.BYTES;
    return record(keyBytes, texts + 2 * PLACE + embeddings, travelling());
  }

  /** The largest record on {@code strays}. */
  public int stray() {
    int value = Math.max(CORRECTION_BYTES + TOPIC_NAME, dimensions * Short.BYTES);
    int picture = record(keyBytes, PICTURE_BYTES + PLACE + FIELDS, 0);
    return Math.max(record(keyBytes, value + PLACE + FIELDS, travelling()), picture);
  }

  /** The largest record on {@code pictures}. */
  public int picture() {
    return record(keyBytes, PICTURE_BYTES, PLACE + FIELDS);
  }

  /** The largest record on the changelog of the embeddings. */
  public int embedding() {
    return record(keyBytes + WINDOW_KEY, PLACE + FIELDS + dimensions * Short.BYTES, 0);
  }

  /** The largest record on the changelog of what is known of images with labels. */
  public int labelled() {
    return joined() + PLACE + FIELDS + TrainingExample.EMBEDDINGS * dimensions * Short.BYTES;
  }

  /** The largest record on the changelog of the labels that images bear. */
  public int joined() {
    return record(
        keyBytes + WINDOW_KEY, ESCAPED * (LABEL + LABELLER + NOTE) + FIELDS + votesJson(), 0);
  }

  /** The largest record on the changelog of the corrections that wait. */
  public int waiting() {
    return record(keyBytes, CORRECTION_BYTES + TOPIC_NAME + FIELDS + votesJson(), 0);
  }

  private static int record(int key, int value, int headers) {
    return FRAME + key + value + headers;
  }

  private int travelling() {
    return headerBytes + TRACE_BYTES;
  }

  private static int predictionJson() {
    return (SCORES + 2) * (ESCAPED * LABEL + FIELDS);
  }

  private static int votesJson() {
    return VOTES * (ESCAPED * (LABEL + LABELLER) + VOTE);
  }

  private static int voteFields() {
    return "{\"labeller\":\"\",\"label\":\"\"},".length();
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}

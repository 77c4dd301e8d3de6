package io.afina.event.header;

import io.afina.event.AfinaHeaders;
import io.afina.event.DeadLetter;
import io.afina.event.RecordId;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Marks a dead letter as replayed: a record on {@code dead-letters} without key and value, in the
 * partition of the dead letter, so that it does not expire before it.
 *
 * @param letter the dead letter
 */
public record ReplayMark(RecordId letter) {

  private static final String REPLAYED = "replayed";
  private static final String REPLAYED_FROM = "replayed-from";

  /** The headers of the record. */
  public Headers headers() {
    RecordHeaders headers = new RecordHeaders();
    AfinaHeaders.put(headers, REPLAYED, letter.text());
    return headers;
  }

  /**
   * Reads the headers of a record on {@code dead-letters}; empty when the record is no mark. A dead
   * letter never is one, whatever headers its producer gave it.
   */
  public static Optional<ReplayMark> from(Headers headers) {
    return DeadLetter.isIn(headers)
        ? Optional.empty()
        : AfinaHeaders.find(headers, REPLAYED).flatMap(RecordId::parse).map(ReplayMark::new);
  }

  /** The headers of the replayed record: the original ones, and where it was replayed from. */
  public Headers replayed(Headers deadLetter) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : deadLetter) {
      if (!AfinaHeaders.isOurs(header)) {
        headers.add(header);
      }
    }
    AfinaHeaders.put(headers, REPLAYED_FROM, letter.text());
    return headers;
  }
}

package io.afina.classifier;

import io.afina.event.DeadLetter;
import io.afina.event.RecordLimits;
import io.afina.event.TraceHeaders;
import io.afina.event.UnusableRecordException;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a record as it is on its topic, so that it can become a dead letter unchanged, even
 * much later.
 */
record SourceRecord(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<RecordHeader> headers) {

  /** A header of the record. */
  record RecordHeader(String key, byte @Nullable [] value) {}

  static SourceRecord of(RecordMetadata at, Record<byte[], byte[]> record) {
    List<RecordHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new RecordHeader(header.key(), header.value()));
    }
    return new SourceRecord(
        at.topic(),
        at.partition(),
        at.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        headers);
  }

  /** The span in its header. */
  SpanContext trace() {
    return TraceHeaders.read(kafkaHeaders());
  }

  /** Its size, in bytes. */
  long bytes() {
    return RecordLimits.bytes(key, value, kafkaHeaders());
  }

  /**
   * The same record with the reason in its headers. One that is too large for {@code dead-letters},
   * as only a compressed one can be, stays where it is; its dead letter says so and has its key.
   */
  Record<byte[], byte[]> dead(UnusableRecordException cause, long now) {
    RecordHeaders all = kafkaHeaders();
    explain(cause, cause.why(), now, all);
    if (RecordLimits.bytes(key, value, all) <= RecordLimits.DEAD_LETTER_BYTES) {
      return new Record<>(key, value, timestamp, all);
    }
    String where =
        "its %,d bytes are more than dead-letters takes: it is at offset %d of partition %d of %s alone, while that keeps it; %s"
            .formatted(bytes(), offset, partition, topic, cause.why());
    RecordHeaders ours = new RecordHeaders();
    explain(cause, where, now, ours);
    DeadLetter.markOmitted(ours, bytes());
    byte[] id = key == null || key.length > RecordLimits.WIDEST.keyBytes() ? null : key;
    return new Record<>(id, null, timestamp, ours);
  }

  private void explain(
      UnusableRecordException cause, String error, long now, RecordHeaders headers) {
    new DeadLetter(
            topic,
            partition,
            offset,
            timestamp,
            cause.stage(),
            cause.reason(),
            error,
            Instant.ofEpochMilli(now))
        .addTo(headers);
  }

  private RecordHeaders kafkaHeaders() {
    RecordHeaders all = new RecordHeaders();
    headers.forEach(header -> all.add(header.key(), header.value()));
    return all;
  }
}

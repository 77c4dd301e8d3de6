package io.afina.classifier.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.event.Correction;
import io.afina.event.DeadLetter;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import io.afina.event.UnusableRecordException;
import io.afina.event.header.TraceHeaders;
import io.opentelemetry.api.trace.SpanContext;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
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
public record SourceRecord(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<RecordHeader> headers) {

  /** A header of the record. */
  public record RecordHeader(String key, byte @Nullable [] value) {}

  /** Copies a record. */
  public static SourceRecord of(RecordMetadata at, Record<byte[], byte[]> record) {
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

  /**
   * In its place what another said before, whose own record is not known any more: without its
   * headers, and with the place of this.
   */
  SourceRecord replacedBy(Correction other) {
    long at = other.at() == null ? timestamp : other.at().toEpochMilli();
    return new SourceRecord(topic, partition, offset, at, key, Json.write(other), List.of());
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
  public Record<byte[], byte[]> dead(UnusableRecordException cause, long now) {
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

  /**
   * Writes it: partition, offset and timestamp (20 bytes), topic, key, value, the number of
   * headers, their names and values, each behind its length (4 bytes, -1 for null).
   */
  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(partition);
    out.writeLong(offset);
    out.writeLong(timestamp);
    put(out, topic.getBytes(UTF_8));
    put(out, key);
    put(out, value);
    out.writeInt(headers.size());
    for (RecordHeader header : headers) {
      put(out, header.key().getBytes(UTF_8));
      put(out, header.value());
    }
  }

  /**
   * Reads one from where the buffer stands.
   *
   * @throws MalformedRecordException when what is there is none
   */
  static SourceRecord readFrom(ByteBuffer in) {
    try {
      int partition = in.getInt();
      long offset = in.getLong();
      long timestamp = in.getLong();
      String topic = text(in);
      byte[] key = take(in);
      byte[] value = take(in);
      List<RecordHeader> headers = new ArrayList<>();
      for (int left = in.getInt(); left > 0; left--) {
        headers.add(new RecordHeader(text(in), take(in)));
      }
      return new SourceRecord(topic, partition, offset, timestamp, key, value, headers);
    } catch (BufferUnderflowException e) {
      throw new MalformedRecordException("ends too soon", e);
    }
  }

  static void put(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  static byte @Nullable [] take(ByteBuffer in) {
    int length = in.getInt();
    if (length > in.remaining()) {
      throw new MalformedRecordException("ends too soon");
    }
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = take(in);
    if (bytes == null) {
      throw new MalformedRecordException("has no name where one must be");
    }
    return new String(bytes, UTF_8);
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

package io.afina.classifier.join;

import io.afina.classifier.join.PendingCorrections.Pending;
import io.afina.event.Embedding;
import io.afina.event.Float16;
import io.afina.event.Json;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Serializes the values of the state stores. Every value has a version. Values of the first format
 * have none; they are recognised with certainty, and read as well.
 *
 * <p>JSON has its version in front: JSON of the first format begins with a brace, which is no
 * version.
 *
 * <p>An embedding has it behind the backbone's hash, which is the only place where no value of the
 * first format can look the same. There, the first number of the embedding stood, as a half (IEEE
 * 754, binary16). {@link #MARK}, whatever follows it, is the upper byte of a NaN: its exponent is
 * all ones, its fraction is not 0. An embedding has at least one number and only finite ones, since
 * a backbone that gives another is refused, and a finite number becomes a half that is finite or
 * infinite. The hash in front cannot tell, as any bytes may be a hash, and neither can the length:
 * in the first format it was any even number from 34 on, and with a trace any odd one from 59 on.
 */
final class StoreSerdes {

  private static final byte VERSION = 1;
  private static final byte SECOND_VERSION = 2;
  static final int HASH = 32;
  private static final byte MARK = (byte) 0xff;
  private static final int HEADER = HASH + 3;
  private static final int TRACE_ID = 16;
  private static final int SPAN_ID = 8;
  private static final int TRACE = TRACE_ID + SPAN_ID + 1;

  private StoreSerdes() {}

  /**
   * The backbone's hash (32 bytes), {@link #MARK}, the version, 1 or 0 for whether the image is
   * traced, the ids of trace and span and the trace's flags if it is (25 bytes), then two bytes a
   * dimension: 2,595 bytes for 1280.
   *
   * <p>The first format: the hash, two bytes a dimension, and the 25 bytes of a trace at the end of
   * a value that has an odd length.
   */
  static Serde<TracedEmbedding> embedding() {
    return Serdes.serdeFrom(
        (topic, embedding) -> embedding == null ? null : write(embedding),
        (topic, bytes) -> bytes == null ? null : readEmbedding(bytes));
  }

  /** The version (1 byte), then JSON. */
  static <T> Serde<T> json(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : versioned(Json.write(value)),
        (topic, bytes) -> bytes == null ? null : Json.read(withoutVersion(bytes), type));
  }

  /**
   * The second version (1 byte), the time of arrival (8 bytes), the correction with its bytes as
   * they are ({@link SourceRecord#writeTo}), and the votes as JSON behind their length (4 bytes).
   * In the first version and format all was JSON, with the bytes in Base64 and the correction once
   * more.
   */
  static Serde<Pending> pending() {
    Serde<Pending> before = json(Pending.class);
    return Serdes.serdeFrom(
        (topic, pending) -> pending == null ? null : write(pending),
        (topic, bytes) ->
            bytes == null || bytes[0] != SECOND_VERSION
                ? before.deserializer().deserialize(topic, bytes)
                : readPending(ByteBuffer.wrap(bytes, 1, bytes.length - 1)));
  }

  private static byte[] write(Pending pending) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(SECOND_VERSION);
      out.writeLong(pending.since());
      pending.source().writeTo(out);
      SourceRecord.put(out, Json.write(Votes.of(pending.votes())));
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes what is written", e);
    }
    return bytes.toByteArray();
  }

  private static Pending readPending(ByteBuffer in) {
    long since = in.getLong();
    SourceRecord source = SourceRecord.readFrom(in);
    byte[] votes = Objects.requireNonNull(SourceRecord.take(in));
    return new Pending(source, since, Json.read(votes, Votes.class));
  }

  private static byte[] versioned(byte[] json) {
    return ByteBuffer.allocate(1 + json.length).put(VERSION).put(json).array();
  }

  private static byte[] withoutVersion(byte[] bytes) {
    if (bytes[0] == '{') {
      return bytes;
    }
    requireKnown(bytes[0]);
    return Arrays.copyOfRange(bytes, 1, bytes.length);
  }

  private static byte[] write(TracedEmbedding traced) {
    Embedding embedding = traced.embedding();
    SpanContext span = traced.trace();
    int trace = span.isValid() ? TRACE : 0;
    ByteBuffer buffer =
        ByteBuffer.allocate(HEADER + trace + embedding.values().length * Short.BYTES)
            .put(HexFormat.of().parseHex(embedding.backbone()))
            .put(MARK)
            .put(VERSION)
            .put((byte) (trace > 0 ? 1 : 0));
    if (trace > 0) {
      buffer.put(span.getTraceIdBytes()).put(span.getSpanIdBytes());
      buffer.put(span.getTraceFlags().asByte());
    }
    putValues(buffer, embedding.values());
    return buffer.array();
  }

  private static TracedEmbedding readEmbedding(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    String backbone = hex(buffer, HASH);
    if (!isVersioned(bytes)) {
      boolean traced = bytes.length % Short.BYTES != 0;
      float[] values = values(buffer, buffer.remaining() - (traced ? TRACE : 0));
      return new TracedEmbedding(new Embedding(backbone, values), trace(buffer, traced));
    }
    requireKnown(bytes[HASH + 1]);
    SpanContext trace = trace(buffer.position(HEADER), bytes[HEADER - 1] == 1);
    return new TracedEmbedding(new Embedding(backbone, values(buffer, buffer.remaining())), trace);
  }

  private static boolean isVersioned(byte[] bytes) {
    return bytes[HASH] == MARK;
  }

  private static void requireKnown(byte version) {
    if (version != VERSION) {
      throw new IllegalStateException(
          "a stored value has version %d and this Afina reads %d: start the one that wrote it, or name another folder for state stores and another classifier.applicationId"
              .formatted(version, VERSION));
    }
  }

  /** Writes the numbers of an embedding, as halves. */
  static void putValues(ByteBuffer buffer, float[] values) {
    for (float value : values) {
      buffer.putShort(Float16.fromFloat(value));
    }
  }

  /** Reads the numbers of an embedding, of two bytes each. */
  static float[] values(ByteBuffer buffer, int bytes) {
    float[] values = new float[bytes / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float16.toFloat(buffer.getShort());
    }
    return values;
  }

  private static SpanContext trace(ByteBuffer buffer, boolean traced) {
    return traced
        ? SpanContext.createFromRemoteParent(
            hex(buffer, TRACE_ID),
            hex(buffer, SPAN_ID),
            TraceFlags.fromByte(buffer.get()),
            TraceState.getDefault())
        : SpanContext.getInvalid();
  }

  static String hex(ByteBuffer buffer, int count) {
    byte[] bytes = new byte[count];
    buffer.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

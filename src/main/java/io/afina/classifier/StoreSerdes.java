package io.afina.classifier;

import io.afina.event.Embedding;
import io.afina.event.Float16;
import io.afina.event.Json;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** How the state stores keep what they keep. */
final class StoreSerdes {

  private static final int HASH = 32;
  private static final int TRACE_ID = 16;
  private static final int SPAN_ID = 8;

  /** An odd number of bytes: that is how an embedding with a trace is told from one without. */
  private static final int TRACE = TRACE_ID + SPAN_ID + 1;

  private StoreSerdes() {}

  /**
   * The backbone's hash (32 bytes), then two bytes a dimension: 2,592 bytes for 1280. Of an image
   * that is traced, the ids of trace and span and the trace's flags (25 bytes) follow.
   */
  static Serde<TracedEmbedding> embedding() {
    return Serdes.serdeFrom(
        (topic, embedding) -> embedding == null ? null : write(embedding),
        (topic, bytes) -> bytes == null ? null : readEmbedding(bytes));
  }

  static <T> Serde<T> json(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : Json.write(value),
        (topic, bytes) -> bytes == null ? null : Json.read(bytes, type));
  }

  private static byte[] write(TracedEmbedding traced) {
    Embedding embedding = traced.embedding();
    int trace = traced.trace().isValid() ? TRACE : 0;
    byte[] bytes = new byte[HASH + embedding.values().length * Short.BYTES + trace];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).put(HexFormat.of().parseHex(embedding.backbone()));
    for (float value : embedding.values()) {
      buffer.putShort(Float16.fromFloat(value));
    }
    if (trace > 0) {
      SpanContext span = traced.trace();
      buffer.put(span.getTraceIdBytes()).put(span.getSpanIdBytes());
      buffer.put(span.getTraceFlags().asByte());
    }
    return bytes;
  }

  private static TracedEmbedding readEmbedding(byte[] bytes) {
    int trace = bytes.length % Short.BYTES == 0 ? 0 : TRACE;
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] hash = new byte[HASH];
    buffer.get(hash);
    float[] values = new float[(buffer.remaining() - trace) / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float16.toFloat(buffer.getShort());
    }
    return new TracedEmbedding(
        new Embedding(HexFormat.of().formatHex(hash), values),
        trace > 0 ? readTrace(buffer) : SpanContext.getInvalid());
  }

  private static SpanContext readTrace(ByteBuffer buffer) {
    byte[] trace = new byte[TRACE_ID];
    byte[] span = new byte[SPAN_ID];
    buffer.get(trace).get(span);
    return SpanContext.createFromRemoteParent(
        HexFormat.of().formatHex(trace),
        HexFormat.of().formatHex(span),
        TraceFlags.fromByte(buffer.get()),
        TraceState.getDefault());
  }
}

package io.afina.stream;

import io.afina.event.Embedding;
import io.afina.event.Float16;
import io.afina.event.Json;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** How the state stores keep what they keep. */
final class StoreSerdes {

  private static final int HASH = 32;

  private StoreSerdes() {}

  /** The backbone's hash (32 bytes), then two bytes a dimension: 2,592 bytes for 1280. */
  static Serde<Embedding> embedding() {
    return Serdes.serdeFrom(
        (topic, embedding) -> embedding == null ? null : write(embedding),
        (topic, bytes) -> bytes == null ? null : readEmbedding(bytes));
  }

  static <T> Serde<T> json(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : Json.write(value),
        (topic, bytes) -> bytes == null ? null : Json.read(bytes, type));
  }

  private static byte[] write(Embedding embedding) {
    byte[] bytes = new byte[HASH + embedding.values().length * Short.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).put(HexFormat.of().parseHex(embedding.backbone()));
    for (float value : embedding.values()) {
      buffer.putShort(Float16.fromFloat(value));
    }
    return bytes;
  }

  private static Embedding readEmbedding(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] hash = new byte[HASH];
    buffer.get(hash);
    float[] values = new float[buffer.remaining() / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float16.toFloat(buffer.getShort());
    }
    return new Embedding(HexFormat.of().formatHex(hash), values);
  }
}

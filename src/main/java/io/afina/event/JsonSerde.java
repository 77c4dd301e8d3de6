package io.afina.event;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Serializes records as JSON; null is a tombstone and stays null. */
final class JsonSerde {

  private JsonSerde() {}

  static <T> Serde<T> of(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> nullOr(value),
        (topic, bytes) -> bytes == null ? null : Json.read(bytes, type));
  }

  private static byte @Nullable [] nullOr(@Nullable Object value) {
    return value == null ? null : Json.write(value);
  }
}

package io.afina.event;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads and writes JSON on the topics: times as ISO 8601, unknown fields ignored (a newer producer
 * may add some), wrong types refused rather than converted.
 */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text -> {
                text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
              })
          .build();

  private Json() {}

  /** Writes a record as UTF-8 JSON. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JacksonException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a record from UTF-8 JSON.
   *
   * @throws MalformedRecordException with what is wrong and where, when the bytes are not that
   *     record
   */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw new MalformedRecordException("is the JSON value null, not an object");
      }
      return value;
    } catch (JacksonException e) {
      throw new MalformedRecordException(reason(e), e);
    } catch (IOException e) {
      // Bytes that look like UTF-16 or UTF-32 but are not.
      throw new MalformedRecordException("is no text: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a record from UTF-8 JSON in which every field is there, of its type and within its range
   * (see {@link JsonShape}).
   *
   * @throws MalformedRecordException with the field that is wrong, what it is and what is expected
   */
  public static <T extends Record> T readWhole(byte[] json, Class<T> type) {
    JsonNode tree = read(json, JsonNode.class);
    JsonShape.check(tree, type);
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JacksonException e) {
      throw new MalformedRecordException(reason(e), e);
    }
  }

  private static String reason(JacksonException e) {
    var at = e.getLocation();
    return at == null
        ? e.getOriginalMessage()
        : "%s (line %d, column %d)"
            .formatted(e.getOriginalMessage(), at.getLineNr(), at.getColumnNr());
  }
}

package io.afina.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A safetensors file in memory: named tensors of plain numbers and string metadata, never code. The
 * form is eight bytes of header length, a JSON header, then the tensors' bytes, little endian (see
 * <a href="https://github.com/huggingface/safetensors#format">the format</a>). Lengths, offsets and
 * shapes are checked before anything is copied.
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Tensor> tensors) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String METADATA = "__metadata__";
  private static final int LENGTH_BYTES = Long.BYTES;

  public SafeTensors {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** The element types that Afina writes. */
  public enum Type {
    F16(2),
    F32(4);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /** Numbers of one type in row-major order; {@code data} is little endian. */
  public record Tensor(Type type, List<Integer> shape, byte[] data) {

    public Tensor {
      shape = List.copyOf(shape);
    }

    /** A matrix or vector in single precision. */
    public static Tensor of(float[] values, Integer... shape) {
      byte[] data = new byte[values.length * Type.F32.bytes];
      littleEndian(data).asFloatBuffer().put(values);
      return new Tensor(Type.F32, List.of(shape), data);
    }

    /** A matrix or vector in half precision. */
    public static Tensor ofHalves(float[] values, Integer... shape) {
      byte[] data = new byte[values.length * Type.F16.bytes];
      ByteBuffer buffer = littleEndian(data);
      for (float value : values) {
        buffer.putShort(Float16.fromFloat(value));
      }
      return new Tensor(Type.F16, List.of(shape), data);
    }

    /** The numbers, in single precision. */
    public float[] toFloats() {
      ByteBuffer buffer = littleEndian(data);
      float[] values = new float[data.length / type.bytes];
      for (int i = 0; i < values.length; i++) {
        values[i] = type == Type.F32 ? buffer.getFloat() : Float16.toFloat(buffer.getShort());
      }
      return values;
    }
  }

  /** The metadata of that name; fails when it is missing. */
  public String require(String name) {
    return Optional.ofNullable(metadata.get(name))
        .orElseThrow(() -> new MalformedRecordException("has no metadata '" + name + "'"));
  }

  /** The tensor of that name; fails when it is missing. */
  public Tensor tensor(String name) {
    return Optional.ofNullable(tensors.get(name))
        .orElseThrow(() -> new MalformedRecordException("has no tensor '" + name + "'"));
  }

  /** The file's bytes; the same content always gives the same bytes. */
  public byte[] toBytes() {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode meta = header.putObject(METADATA);
    metadata.forEach(meta::put);
    int offset = 0;
    for (var entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", tensor.type().name());
      tensor.shape().forEach(node.putArray("shape")::add);
      node.putArray("data_offsets").add(offset).add(offset + tensor.data().length);
      offset += tensor.data().length;
    }
    byte[] json = padded(header.toString().getBytes(StandardCharsets.UTF_8));
    byte[] file = new byte[LENGTH_BYTES + json.length + offset];
    ByteBuffer buffer = littleEndian(file).putLong(json.length).put(json);
    tensors.values().forEach(tensor -> buffer.put(tensor.data()));
    return file;
  }

  /**
   * Reads a file.
   *
   * @throws MalformedRecordException when it is truncated, its header is no JSON, or its offsets,
   *     shapes and types do not fit
   */
  public static SafeTensors parse(byte[] file) {
    if (file.length < LENGTH_BYTES) {
      throw new MalformedRecordException(
          "is %d bytes, too short for safetensors".formatted(file.length));
    }
    long length = littleEndian(file).getLong();
    if (length < 2 || length > file.length - LENGTH_BYTES) {
      throw new MalformedRecordException(
          "claims a safetensors header of %d bytes in %d".formatted(length, file.length));
    }
    int start = LENGTH_BYTES + (int) length;
    JsonNode header = header(file, (int) length);
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (var field : header.properties()) {
      if (field.getKey().equals(METADATA)) {
        field.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
      } else {
        tensors.put(field.getKey(), tensor(field.getKey(), field.getValue(), file, start));
      }
    }
    return new SafeTensors(metadata, tensors);
  }

  private static JsonNode header(byte[] file, int length) {
    try {
      JsonNode header = JSON.readTree(file, LENGTH_BYTES, length);
      if (!header.isObject()) {
        throw new MalformedRecordException("has a safetensors header that is not an object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException(
          "has a broken safetensors header: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new MalformedRecordException(
          "has a safetensors header that is no text: " + e.getMessage(), e);
    }
  }

  /** A tensor's entry in the header, by the format's own names. */
  private record Entry(
      Type dtype, List<Integer> shape, @JsonProperty("data_offsets") List<Long> offsets) {}

  private static Tensor tensor(String name, JsonNode node, byte[] file, int start) {
    Entry entry;
    try {
      entry = JSON.treeToValue(node, Entry.class);
    } catch (JsonProcessingException e) {
      throw new MalformedRecordException(
          "describes tensor '%s' wrongly: %s".formatted(name, e.getOriginalMessage()), e);
    }
    if (entry == null
        || entry.dtype() == null
        || entry.shape() == null
        || entry.offsets() == null
        || entry.offsets().size() != 2
        || entry.offsets().contains(null)) {
      throw new MalformedRecordException("describes tensor '%s' incompletely".formatted(name));
    }
    long from = entry.offsets().get(0);
    long to = entry.offsets().get(1);
    if (from < 0 || to < from || to > file.length - start) {
      throw new MalformedRecordException(
          "is truncated: tensor '%s' lies outside the file".formatted(name));
    }
    if (to - from != size(name, entry)) {
      throw new MalformedRecordException(
          "gives tensor '%s' %d bytes, which is not its shape %s"
              .formatted(name, to - from, entry.shape()));
    }
    byte[] data = Arrays.copyOfRange(file, start + (int) from, start + (int) to);
    return new Tensor(entry.dtype(), entry.shape(), data);
  }

  private static long size(String name, Entry entry) {
    try {
      long size = entry.dtype().bytes;
      for (Integer dimension : entry.shape()) {
        if (dimension == null || dimension < 0) {
          throw new MalformedRecordException(
              "gives tensor '%s' an impossible shape".formatted(name));
        }
        size = Math.multiplyExact(size, (long) dimension);
      }
      return size;
    } catch (ArithmeticException e) {
      throw new MalformedRecordException(
          "gives tensor '%s' a shape beyond all bounds".formatted(name), e);
    }
  }

  /** The format wants the header to end on a multiple of eight, filled with spaces. */
  private static byte[] padded(byte[] json) {
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

package io.afina.backbone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes small networks as ONNX files, for tests: Protocol Buffers' wire format with the field
 * numbers of ONNX's {@code onnx.proto3}, operator set 13.
 */
final class OnnxFile {

  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int INTS = 7;

  private final Message graph = new Message().text(2, "graph");

  /** A message of Protocol Buffers. */
  private static final class Message {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes.toByteArray());
    }

    Message bytes(int field, byte[] value) {
      varint(((long) field << 3) | 2);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        bytes.write((int) ((left & 0x7f) | 0x80));
        left >>>= 7;
      }
      bytes.write((int) left);
    }
  }

  /** A tensor of a shape, whose first dimension is any number of pictures. */
  OnnxFile input(String name, int... shape) {
    graph.message(11, value(name, shape));
    return this;
  }

  OnnxFile output(String name, int... shape) {
    graph.message(12, value(name, shape));
    return this;
  }

  private static Message value(String name, int... shape) {
    Message dimensions = new Message().message(1, new Message().text(2, "n"));
    for (int length : shape) {
      dimensions.message(1, new Message().number(1, length));
    }
    Message tensor = new Message().number(1, FLOAT).message(2, dimensions);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  OnnxFile weights(String name, float[] numbers, int... shape) {
    ByteBuffer raw =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(numbers);
    return initializer(name, FLOAT, raw.array(), shape);
  }

  OnnxFile numbers(String name, long... numbers) {
    ByteBuffer raw = ByteBuffer.allocate(numbers.length * Long.BYTES);
    raw.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(numbers);
    return initializer(name, INT64, raw.array(), numbers.length);
  }

  private OnnxFile initializer(String name, int type, byte[] raw, int... shape) {
    Message tensor = new Message();
    for (int length : shape) {
      tensor.number(1, length);
    }
    graph.message(5, tensor.number(2, type).text(8, name).bytes(9, raw));
    return this;
  }

  /** An operator without attributes. */
  OnnxFile node(String operator, String output, String... inputs) {
    return node(operator, output, "", new int[0], inputs);
  }

  /** An operator with an attribute that is a list of whole numbers. */
  OnnxFile node(String operator, String output, String key, int[] numbers, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.text(1, input);
    }
    node.text(2, output).text(4, operator);
    if (!key.isEmpty()) {
      Message attribute = new Message().text(1, key);
      for (int number : numbers) {
        attribute.number(8, number);
      }
      node.message(5, attribute.number(20, INTS));
    }
    graph.message(1, node);
    return this;
  }

  Path write(Path file) throws IOException {
    Message model =
        new Message().number(1, 8).message(7, graph).message(8, new Message().number(2, 13));
    return Files.write(file, model.bytes.toByteArray());
  }
}

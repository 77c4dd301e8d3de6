package io.afina.classifier.join;

import io.afina.event.Embedding;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A value on {@code strays}: an input of the join that arrived away from the home of its image. Its
 * form is a version (1 byte, 1), a kind (1 byte), the timestamp of the record that arrived (8
 * bytes), then of an image (kind 1) the backbone's hash (32 bytes) and two bytes a dimension, of a
 * correction (kind 2) the record as it arrived ({@link SourceRecord#writeTo}), of a withdrawal
 * (kind 3) nothing.
 */
sealed interface Stray {

  byte VERSION = 1;
  byte IMAGE = 1;
  byte CORRECTION = 2;
  byte WITHDRAWAL = 3;

  /** When the record arrived or was published, milliseconds since 1970. */
  long timestamp();

  /** The embedding of an image. */
  record Image(Embedding embedding, long timestamp) implements Stray {}

  /** A correction; it has not been checked. */
  record Corrected(SourceRecord source, long timestamp) implements Stray {}

  /** A correction is withdrawn. */
  record Withdrawn(long timestamp) implements Stray {}

  /** Its bytes on the topic. */
  default byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeByte(kind());
      out.writeLong(timestamp());
      if (this instanceof Image image) {
        out.write(HexFormat.of().parseHex(image.embedding().backbone()));
        float[] values = image.embedding().values();
        ByteBuffer halves = ByteBuffer.allocate(values.length * Short.BYTES);
        StoreSerdes.putValues(halves, values);
        out.write(halves.array());
      } else if (this instanceof Corrected corrected) {
        corrected.source().writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes what is written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads one.
   *
   * @throws MalformedRecordException when it is none, or of another version
   */
  static Stray of(byte @Nullable [] value) {
    if (value == null) {
      throw new MalformedRecordException("has no value");
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    try {
      byte version = in.get();
      byte kind = in.get();
      if (version != VERSION || kind < IMAGE || kind > WITHDRAWAL) {
        throw new MalformedRecordException(
            "has version %d and kind %d, and this Afina reads version %d with kinds %d to %d"
                .formatted(version, kind, VERSION, IMAGE, WITHDRAWAL));
      }
      long timestamp = in.getLong();
      Stray stray =
          switch (kind) {
            case IMAGE -> new Image(embedding(in), timestamp);
            case CORRECTION -> new Corrected(SourceRecord.readFrom(in), timestamp);
            default -> new Withdrawn(timestamp);
          };
      if (in.hasRemaining()) {
        throw new MalformedRecordException("has %d bytes too many".formatted(in.remaining()));
      }
      return stray;
    } catch (BufferUnderflowException e) {
      throw new MalformedRecordException("ends too soon", e);
    }
  }

  private byte kind() {
    if (this instanceof Image) {
      return IMAGE;
    }
    return this instanceof Corrected ? CORRECTION : WITHDRAWAL;
  }

  private static Embedding embedding(ByteBuffer in) {
    String backbone = StoreSerdes.hex(in, StoreSerdes.HASH);
    int dimensions = in.remaining() / Short.BYTES;
    if (dimensions < 1 || dimensions > RecordLimits.WIDEST.dimensions()) {
      throw new MalformedRecordException(
          "has an embedding of %d numbers; 1 to %d are allowed"
              .formatted(dimensions, RecordLimits.WIDEST.dimensions()));
    }
    float[] values = StoreSerdes.values(in, dimensions * Short.BYTES);
    for (float value : values) {
      if (Float.isNaN(value)) {
        throw new MalformedRecordException("has an embedding with something that is no number");
      }
    }
    return new Embedding(backbone, values);
  }
}

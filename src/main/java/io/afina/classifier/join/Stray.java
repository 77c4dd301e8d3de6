package io.afina.classifier.join;

import io.afina.event.Embedding;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import io.afina.event.TrainingExample.ImagePlace;
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
 * bytes), then
 *
 * <ul>
 *   <li>of an image (kind 4), and of a kept picture that another backbone embedded (kind 6), the
 *       image's place as JSON behind its length (4 bytes), the backbone's hash (32 bytes) and two
 *       bytes a dimension; kind 1 is an image without its place, as older versions send it,
 *   <li>of a correction, or of the withdrawal of one labeller's or of the name (kind 2), the record
 *       as it arrived ({@link SourceRecord#writeTo}),
 *   <li>of the withdrawal of all of them (kind 3) nothing,
 *   <li>of a picture that was reduced (kind 5) the image's place, and the JPEG,
 *   <li>of a backbone whose embedding is to be dropped (kind 7) its hash,
 *   <li>of an image that is erased (kind 8) nothing.
 * </ul>
 */
public sealed interface Stray {

  byte VERSION = 1;
  byte IMAGE = 1;
  byte CORRECTION = 2;
  byte WITHDRAWAL = 3;
  byte PLACED_IMAGE = 4;
  byte REDUCED = 5;
  byte EMBEDDED = 6;
  byte DROPPED = 7;
  byte ERASED = 8;

  /** When the record arrived or was published, milliseconds since 1970. */
  long timestamp();

  /** The embedding of an image, and where the image is; null where an older version sent it. */
  record Image(Embedding embedding, @Nullable ImagePlace place, long timestamp) implements Stray {}

  /** A correction, or the withdrawal of one labeller's; it has not been checked. */
  record Corrected(SourceRecord source, long timestamp) implements Stray {}

  /** All corrections are withdrawn. */
  record Withdrawn(long timestamp) implements Stray {}

  /** The reduced picture of an image that had a label. */
  record Reduced(byte[] jpeg, ImagePlace place, long timestamp) implements Stray {}

  /** What another backbone makes of a kept picture. */
  record Embedded(Embedding embedding, ImagePlace place, long timestamp) implements Stray {}

  /** The embedding of a backbone is not needed any more. */
  record Dropped(String backbone, long timestamp) implements Stray {}

  /** Nothing of an image is to be left. */
  record Erased(long timestamp) implements Stray {}

  /** Its bytes on the topic. */
  default byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeByte(kind());
      out.writeLong(timestamp());
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes what is written", e);
    }
    return bytes.toByteArray();
  }

  private void writeTo(DataOutputStream out) throws IOException {
    if (this instanceof Image image) {
      if (image.place() != null) {
        SourceRecord.put(out, Json.write(image.place()));
      }
      StoreSerdes.write(out, image.embedding());
    } else if (this instanceof Corrected corrected) {
      corrected.source().writeTo(out);
    } else if (this instanceof Reduced reduced) {
      SourceRecord.put(out, Json.write(reduced.place()));
      out.write(reduced.jpeg());
    } else if (this instanceof Embedded embedded) {
      SourceRecord.put(out, Json.write(embedded.place()));
      StoreSerdes.write(out, embedded.embedding());
    } else if (this instanceof Dropped dropped) {
      out.write(HexFormat.of().parseHex(dropped.backbone()));
    }
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
      if (version != VERSION || kind < IMAGE || kind > ERASED) {
        throw new MalformedRecordException(
            "has version %d and kind %d, and this Afina reads version %d with kinds %d to %d"
                .formatted(version, kind, VERSION, IMAGE, ERASED));
      }
      long timestamp = in.getLong();
      Stray stray =
          switch (kind) {
            case IMAGE -> new Image(embedding(in), null, timestamp);
            case CORRECTION -> new Corrected(SourceRecord.readFrom(in), timestamp);
            case PLACED_IMAGE -> placed(in, timestamp);
            case REDUCED -> reduced(in, timestamp);
            case EMBEDDED -> embedded(in, timestamp);
            case DROPPED -> new Dropped(StoreSerdes.hex(in, StoreSerdes.HASH), timestamp);
            case ERASED -> new Erased(timestamp);
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
    if (this instanceof Image image) {
      return image.place() == null ? IMAGE : PLACED_IMAGE;
    } else if (this instanceof Reduced) {
      return REDUCED;
    } else if (this instanceof Embedded) {
      return EMBEDDED;
    } else if (this instanceof Dropped) {
      return DROPPED;
    } else if (this instanceof Erased) {
      return ERASED;
    }
    return this instanceof Corrected ? CORRECTION : WITHDRAWAL;
  }

  private static Image placed(ByteBuffer in, long timestamp) {
    ImagePlace place = place(in);
    return new Image(embedding(in), place, timestamp);
  }

  private static Embedded embedded(ByteBuffer in, long timestamp) {
    ImagePlace place = place(in);
    return new Embedded(embedding(in), place, timestamp);
  }

  private static Reduced reduced(ByteBuffer in, long timestamp) {
    ImagePlace place = place(in);
    byte[] jpeg = new byte[in.remaining()];
    in.get(jpeg);
    if (jpeg.length > RecordLimits.PICTURE_BYTES || !isJpeg(jpeg)) {
      throw new MalformedRecordException(
          "has a picture of %,d bytes; a JPEG of %,d at most is allowed"
              .formatted(jpeg.length, RecordLimits.PICTURE_BYTES));
    }
    return new Reduced(jpeg, place, timestamp);
  }

  private static boolean isJpeg(byte[] bytes) {
    return bytes.length > 2 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8;
  }

  private static ImagePlace place(ByteBuffer in) {
    byte[] json = SourceRecord.take(in);
    if (json == null) {
      throw new MalformedRecordException("has no place of its image");
    }
    return Json.read(json, ImagePlace.class).requireLimits();
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

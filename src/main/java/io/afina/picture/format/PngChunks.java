package io.afina.picture.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.afina.event.UnusableRecordException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.zip.InflaterInputStream;

/**
 * Reads and filters the chunks of a PNG file (<a
 * href="https://www.w3.org/TR/png-3/#5Chunk-layout">PNG, 5.3</a>).
 */
public final class PngChunks {

  /** The chunks that make the pixels; others may be compressed texts of any size. */
  private static final Set<String> NEEDED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  /** 256 colours. */
  private static final int LARGEST_PALETTE = 768;

  private static final int SIGNATURE = 8;
  private static final int TYPE = 4;
  private static final int HEADER = 8;
  private static final int FRAME = 12;
  private static final int CRC = 4;
  private static final int LARGEST_TEXT = 1 << 20;
  private static final byte[] XMP = "XML:com.adobe.xmp\0".getBytes(US_ASCII);

  private final byte[] png;
  private int start = SIGNATURE;

  private PngChunks(byte[] png) {
    this.png = png;
  }

  /**
   * Leaves out what no pixel is made of.
   *
   * @throws UnusableRecordException when a palette says that it is larger than any: the decoder
   *     would believe it
   */
  public static byte[] plain(byte[] png) throws UnusableRecordException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(png.length);
    plain.write(png, 0, Math.min(SIGNATURE, png.length));
    for (PngChunks chunk = new PngChunks(png); chunk.isThere(); chunk.next()) {
      String type = chunk.type();
      if (type.equals("PLTE") && chunk.length() > LARGEST_PALETTE) {
        throw Broken.because(
            "the PNG has a palette of %,d bytes, which is more than %d"
                .formatted(chunk.length(), LARGEST_PALETTE));
      }
      if (NEEDED.contains(type)) {
        plain.write(png, chunk.start, chunk.end() - chunk.start);
      }
    }
    return plain.toByteArray();
  }

  /** Its XMP packet, up to a megabyte of it (XMP specification, part 3, 1.1.5). */
  static Optional<String> xmp(byte[] png) {
    for (PngChunks chunk = new PngChunks(png); chunk.isThere(); chunk.next()) {
      if (chunk.type().equals("iTXt") && chunk.isXmp()) {
        return Optional.of(chunk.text());
      }
    }
    return Optional.empty();
  }

  private boolean isXmp() {
    int from = start + HEADER;
    return end() - CRC > from + XMP.length + 4
        && Arrays.equals(png, from, from + XMP.length, XMP, 0, XMP.length);
  }

  /** Behind the keyword: whether it is compressed and how, and two more texts. */
  private String text() {
    int at = start + HEADER + XMP.length;
    boolean compressed = png[at] == 1;
    at += 2;
    for (int texts = 0; texts < 2 && at < end() - CRC; at++) {
      texts += png[at] == 0 ? 1 : 0;
    }
    int length = Math.max(0, end() - CRC - at);
    try (InputStream bytes = new ByteArrayInputStream(png, at, length);
        InputStream text = compressed ? new InflaterInputStream(bytes) : bytes) {
      return new String(text.readNBytes(LARGEST_TEXT), ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private boolean isThere() {
    return start + FRAME <= png.length;
  }

  private void next() {
    start = end();
  }

  private String type() {
    return new String(png, start + TYPE, 4, US_ASCII);
  }

  /** Of its data, as it says. */
  private long length() {
    return ByteBuffer.wrap(png).getInt(start) & 0xffff_ffffL;
  }

  /** Where the next one starts, or the file ends. */
  private int end() {
    return (int) Math.min(png.length, start + FRAME + length());
  }
}

package io.afina.picture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Filters the chunks of a PNG file (<a href="https://www.w3.org/TR/png-3/#5Chunk-layout">PNG,
 * 5.3</a>).
 */
final class PngChunks {

  /** The chunks that make the pixels; others may be compressed texts of any size. */
  private static final Set<String> NEEDED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  private static final int SIGNATURE = 8;
  private static final int TYPE = 4;
  private static final int FRAME = 12;

  private PngChunks() {}

  static byte[] plain(byte[] png) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(png.length);
    plain.write(png, 0, SIGNATURE);
    long at = SIGNATURE;
    while (at + FRAME <= png.length) {
      int start = (int) at;
      at += FRAME + (ByteBuffer.wrap(png).getInt(start) & 0xffff_ffffL);
      if (NEEDED.contains(new String(png, start + TYPE, 4, StandardCharsets.US_ASCII))) {
        plain.write(png, start, (int) Math.min(at, png.length) - start);
      }
    }
    return plain.toByteArray();
  }
}

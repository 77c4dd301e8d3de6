package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
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

  /** 256 colours. */
  private static final int LARGEST_PALETTE = 768;

  private static final int SIGNATURE = 8;
  private static final int TYPE = 4;
  private static final int FRAME = 12;

  private PngChunks() {}

  /**
   * Leaves out what no pixel is made of.
   *
   * @throws UnusableRecordException when a palette says that it is larger than any: the decoder
   *     would believe it
   */
  static byte[] plain(byte[] png) throws UnusableRecordException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(png.length);
    plain.write(png, 0, SIGNATURE);
    long at = SIGNATURE;
    while (at + FRAME <= png.length) {
      int start = (int) at;
      long length = ByteBuffer.wrap(png).getInt(start) & 0xffff_ffffL;
      at += FRAME + length;
      String type = new String(png, start + TYPE, 4, StandardCharsets.US_ASCII);
      if (type.equals("PLTE") && length > LARGEST_PALETTE) {
        throw new UnusableRecordException(
            Stage.DECODE,
            BROKEN_PICTURE,
            "the PNG has a palette of %,d bytes, which is more than %d"
                .formatted(length, LARGEST_PALETTE));
      }
      if (NEEDED.contains(type)) {
        plain.write(png, start, (int) Math.min(at, png.length) - start);
      }
    }
    return plain.toByteArray();
  }
}

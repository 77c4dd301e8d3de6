package io.afina.picture.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.afina.event.UnusableRecordException;
import java.nio.ByteBuffer;

/**
 * Finds the codestream in the boxes of a JP2 file (<a
 * href="https://www.itu.int/rec/T-REC-T.800">T.800, I</a>), unless they say that its numbers are no
 * grey or RGB.
 */
final class Jpeg2000Boxes {

  private static final int FIRST_BOX = 12;
  private static final int BOX = 8;
  private static final int LONG_BOX = 16;
  private static final int ENUMERATED = 1;
  private static final int CMYK = 12;
  private static final int SYCC = 18;

  private Jpeg2000Boxes() {}

  /** Where it begins. */
  static int codestream(ByteBuffer file) throws UnusableRecordException {
    long at = FIRST_BOX;
    while (at + BOX <= file.limit()) {
      int box = (int) at;
      long length = file.getInt(box) & 0xffff_ffffL;
      String type = name(file, box + 4);
      int header = length == 1 ? LONG_BOX : BOX;
      if (type.equals("jp2c")) {
        return box + header;
      }
      if (type.equals("jp2h")) {
        requireColours(file, box + header, at + length);
      }
      if (length < header) {
        break;
      }
      at += length;
    }
    throw Broken.because("the JPEG 2000 file has no picture in it");
  }

  private static String name(ByteBuffer file, int at) {
    byte[] name = new byte[4];
    file.get(at, name);
    return new String(name, ISO_8859_1);
  }

  private static void requireColours(ByteBuffer file, int from, long to)
      throws UnusableRecordException {
    for (long at = from; at + LONG_BOX <= Math.min(to, file.limit()); ) {
      int box = (int) at;
      String type = name(file, box + 4);
      int space =
          type.equals("colr") && file.get(box + BOX) == ENUMERATED && box + 15 <= file.limit()
              ? file.getInt(box + BOX + 3)
              : 0;
      if (type.equals("pclr") || space == CMYK || space == SYCC) {
        throw Broken.because(
            "the JPEG 2000 picture has a palette, CMYK or YCC colours, and Afina reads grey and RGB"
                + " of it: convert it to JPEG or PNG");
      }
      long length = file.getInt(box) & 0xffff_ffffL;
      at += Math.max(BOX, length);
    }
  }
}

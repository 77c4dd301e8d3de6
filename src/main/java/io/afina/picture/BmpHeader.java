package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Checks the header of a BMP file, versions 3 to 5 (BITMAPINFOHEADER to BITMAPV5HEADER). */
final class BmpHeader {

  private static final int SIZE = 14;
  private static final int COMPRESSION = 30;
  private static final int COLOUR_SPACE = 70;
  private static final int VERSION_3 = 40;
  private static final int VERSION_4 = 108;
  private static final int JPEG = 4;
  private static final int PNG = 5;
  private static final int SRGB = 0x73524742;

  private BmpHeader() {}

  /**
   * Has the colours taken as they are: version 5 may name a file of ours as its profile.
   *
   * @throws UnusableRecordException when it is a JPEG or PNG inside, which may be of another size
   *     than the header says
   */
  static byte[] plain(byte[] bmp) throws UnusableRecordException {
    if (version(bmp) < VERSION_3 || bmp.length < COLOUR_SPACE + Integer.BYTES) {
      return bmp;
    }
    ByteBuffer header = ByteBuffer.wrap(bmp.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int compression = header.getInt(COMPRESSION);
    if (compression == JPEG || compression == PNG) {
      throw new UnusableRecordException(
          Stage.DECODE,
          BROKEN_PICTURE,
          "the BMP is a JPEG or PNG inside, which only printers read");
    }
    return version(bmp) < VERSION_4 ? bmp : header.putInt(COLOUR_SPACE, SRGB).array();
  }

  private static int version(byte[] bmp) {
    return bmp.length < SIZE + Integer.BYTES
        ? 0
        : ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).getInt(SIZE);
  }
}

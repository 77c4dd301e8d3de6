package io.afina.picture;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.leptonica;

/** JPEG 2000 files that tests write. */
public final class Jpeg2000s {

  private static final int LOSSLESS = 100;
  private static final int LEVELS = 4;

  private Jpeg2000s() {}

  /** A JP2 file without loss. */
  public static byte[] encoded(BufferedImage image) {
    NativeJpegDecoder.isThere();
    PIX pix = leptonica.pixCreate(image.getWidth(), image.getHeight(), 32);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        leptonica.pixSetPixel(pix, x, y, image.getRGB(x, y) << 8);
      }
    }
    try (PointerPointer<BytePointer> out = new PointerPointer<>(1);
        SizeTPointer size = new SizeTPointer(1)) {
      if (leptonica.pixWriteMemJp2k(out, size, pix, LOSSLESS, LEVELS, 0, 0) != 0) {
        throw new IllegalStateException("no JPEG 2000 was written");
      }
      BytePointer written = new BytePointer(out.get(0));
      byte[] bytes = new byte[(int) size.get()];
      written.get(bytes);
      leptonica.lept_free(written);
      return bytes;
    } finally {
      leptonica.pixDestroy(pix);
    }
  }

  /** Its codestream alone. */
  static byte[] codestream(byte[] jp2) {
    return Arrays.copyOfRange(jp2, Drawn.indexOf(jp2, 0xff, 0x4f, 0xff, 0x51), jp2.length);
  }
}

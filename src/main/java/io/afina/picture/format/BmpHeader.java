package io.afina.picture.format;

import io.afina.event.UnusableRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Checks the header of a BMP file: versions 3 to 5 (BITMAPINFOHEADER to BITMAPV5HEADER) and that of
 * OS/2 2 (BITMAPCOREHEADER2).
 *
 * @param file little endian
 */
public record BmpHeader(ByteBuffer file) {

  private static final int PIXELS = 10;
  private static final int SIZE = 14;
  private static final int WIDTH = 18;
  private static final int HEIGHT = 22;
  private static final int BITS = 28;
  private static final int COMPRESSION = 30;
  private static final int COLOURS = 46;
  private static final int COLOUR_SPACE = 70;
  private static final int VERSION_3 = 40;
  private static final int VERSION_4 = 108;
  private static final int OS_2_SHORTEST = 16;
  private static final int OS_2_LONGEST = 64;
  private static final int MASKS = 52;
  private static final int MASKS_AND_ALPHA = 56;
  private static final int RUN_LENGTHS_8 = 1;
  private static final int RUN_LENGTHS_4 = 2;
  private static final int JPEG = 4;
  private static final int PNG = 5;
  private static final int SRGB = 0x73524742;
  private static final int MOST_COLOURS = 256;

  /** Of a file that may be cut short. */
  public static BmpHeader of(byte[] bmp) {
    return new BmpHeader(ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN));
  }

  /**
   * Has the colours taken as they are: version 5 may name a file of ours as its profile. A header
   * of OS/2 2 becomes that of version 3, which has the same fields as far as they matter.
   *
   * @throws UnusableRecordException when it is a JPEG or PNG inside, which may be of another size
   *     than the header says, or coded as only OS/2 did
   */
  public static byte[] plain(byte[] bmp) throws UnusableRecordException {
    BmpHeader header = of(bmp);
    int version = header.size();
    int compression = header.number(COMPRESSION);
    if (isOs2(version)) {
      if (compression > RUN_LENGTHS_4) {
        throw Broken.because("the BMP is coded as only OS/2 did");
      }
      return header.asVersion3();
    }
    if (version < VERSION_3 || bmp.length < COLOUR_SPACE + Integer.BYTES) {
      return bmp;
    }
    if (compression == JPEG || compression == PNG) {
      throw Broken.because("the BMP is a JPEG or PNG inside, which only printers read");
    }
    if (version < VERSION_4) {
      return bmp;
    }
    byte[] plain = bmp.clone();
    of(plain).file.putInt(COLOUR_SPACE, SRGB);
    return plain;
  }

  private static boolean isOs2(int size) {
    return size >= OS_2_SHORTEST
        && size <= OS_2_LONGEST
        && size != VERSION_3
        && size != MASKS
        && size != MASKS_AND_ALPHA;
  }

  private byte[] asVersion3() {
    int rest = Math.min(SIZE + size(), file.limit());
    int grown = VERSION_3 - size();
    ByteBuffer bmp =
        ByteBuffer.allocate(SIZE + VERSION_3 + file.limit() - rest).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put(file.slice(0, Math.min(rest, SIZE + VERSION_3)));
    bmp.position(SIZE + VERSION_3).put(file.slice(rest, file.limit() - rest));
    return bmp.putInt(SIZE, VERSION_3).putInt(PIXELS, number(PIXELS) + grown).array();
  }

  /** Whether its pixels are run lengths of 4 or 8 bits. */
  public boolean isRunLengths() {
    int compression = number(COMPRESSION);
    return size() >= VERSION_3 && (isRunLengths4() || compression == RUN_LENGTHS_8);
  }

  /** Whether they are of 4 bits. */
  public boolean isRunLengths4() {
    return number(COMPRESSION) == RUN_LENGTHS_4;
  }

  /** Pixels; less than 1 where the header is no picture's. */
  public int width() {
    return number(WIDTH);
  }

  /** Pixels; less than 1 where the header is no picture's, among them rows from top to bottom. */
  public int height() {
    return number(HEIGHT);
  }

  /** Where the pixels begin. */
  public int pixels() {
    return number(PIXELS);
  }

  /** The colours as red, green and blue in the upper three bytes; black where there is none. */
  public int[] palette() {
    int count = number(COLOURS) == 0 ? 1 << Math.min(number(BITS) & 0xff, 8) : number(COLOURS);
    int from = SIZE + size();
    int[] palette = new int[MOST_COLOURS];
    for (int i = 0; i < Math.min(MOST_COLOURS, count); i++) {
      palette[i] = number(from + Integer.BYTES * i) << Byte.SIZE;
    }
    return palette;
  }

  private int size() {
    return number(SIZE);
  }

  /** The number there; 0 behind the end. */
  private int number(int at) {
    return at < 0 || at + Integer.BYTES > file.limit() ? 0 : file.getInt(at);
  }
}

package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import io.afina.picture.format.BmpHeader;

/**
 * Decodes the run lengths of a BMP (<a
 * href="https://learn.microsoft.com/windows/win32/gdi/bitmap-compression">"Bitmap
 * Compression"</a>), of which ImageIO reads some wrong. As in Pillow, what is passed over has the
 * first colour, and what a run has too many for its row is left out.
 */
final class BmpRunLengths {

  private static final long TABLES = 100_000;
  private static final int END_OF_ROW = 0;
  private static final int END = 1;
  private static final int DELTA = 2;

  private final byte[] bmp;
  private final boolean four;
  private final int width;
  private final byte[] indices;
  private int at;
  private int x;
  private int row;

  private BmpRunLengths(byte[] bmp, BmpHeader header) {
    this.bmp = bmp;
    this.four = header.isRunLengths4();
    this.width = header.width();
    this.indices = new byte[width * header.height()];
    this.at = header.pixels();
  }

  /**
   * Decodes them, with the memory that they need.
   *
   * @throws UnusableRecordException when it has too many pixels, or is cut short
   */
  static PixelRows read(byte[] bmp, BmpHeader header, PixelLimit limit, MemoryBudget memory)
      throws UnusableRecordException {
    int width = header.width();
    int height = header.height();
    if (width < 1 || height < 1 || header.pixels() < 0) {
      throw broken("its header is no picture's");
    }
    limit.require(width, height);
    MemoryBudget.Share share =
        memory.take(TABLES + (long) width * height + 2L * bmp.length, width, height);
    try {
      BmpRunLengths runs = new BmpRunLengths(bmp, header);
      runs.decode(height);
      return new Rows(width, height, runs.indices, header.palette()).holding(share);
    } catch (UnusableRecordException | RuntimeException | Error e) {
      share.close();
      throw e;
    }
  }

  private void decode(int height) throws UnusableRecordException {
    while (row < height && !(row == height - 1 && x == width)) {
      int count = next();
      int code = next();
      if (count > 0) {
        run(count, code);
      } else if (code == END_OF_ROW) {
        x = 0;
        row++;
      } else if (code == END) {
        return;
      } else if (code == DELTA) {
        x = Math.min(width, x + next());
        row += next();
      } else {
        literal(code);
      }
    }
  }

  private void run(int count, int code) {
    for (int i = 0; i < count; i++) {
      put(four ? (i % 2 == 0 ? code >> 4 : code & 0xf) : code);
    }
  }

  /** Pixels one by one, filled up to an even number of bytes. */
  private void literal(int count) throws UnusableRecordException {
    int start = at;
    int pair = 0;
    for (int i = 0; i < count; i++) {
      if (!four) {
        put(next());
      } else {
        pair = i % 2 == 0 ? next() : pair << 4;
        put(pair >> 4 & 0xf);
      }
    }
    at += at - start & 1;
  }

  private void put(int index) {
    if (x < width) {
      indices[row * width + x++] = (byte) index;
    }
  }

  private int next() throws UnusableRecordException {
    if (at >= bmp.length) {
      throw broken("it is cut short");
    }
    return bmp[at++] & 0xff;
  }

  private static UnusableRecordException broken(String why) {
    return new UnusableRecordException(
        Stage.DECODE, BROKEN_PICTURE, "the BMP cannot be decoded: " + why);
  }

  /** A byte a pixel, from the lowest row to the highest. */
  private record Rows(int width, int height, byte[] indices, int[] palette) implements PixelRows {

    @Override
    public void copy(int row, int from, int count, int[] into) {
      int at = (height - 1 - row) * width + from;
      for (int i = 0; i < count; i++) {
        into[i] = palette[indices[at + i] & 0xff];
      }
    }
  }
}

package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import io.afina.picture.format.TiffDirectory;
import io.afina.picture.format.WebpChunks;

/**
 * The most memory that ImageIO takes to decode a picture of a size, whole or every n-th pixel of
 * every n-th row; read from its header. A test measures what the decoders take.
 *
 * @param width pixels in the file
 * @param height pixels in the file
 * @param fixed bytes however much is read
 * @param perPixel bytes for every pixel that is read
 * @param reducible whether reading less of it takes less memory
 * @param countedUntil the position in the file up to which the decoder is held to it, where the
 *     file can make it take more than its header tells
 */
record HeapNeed(
    int width, int height, long fixed, int perPixel, boolean reducible, long countedUntil) {

  /** Readers, streams, tables of codes and colours. */
  private static final long READER = 1_000_000;

  private static final int PNG_DEPTH = 24;
  private static final int PNG_COLOURS = 25;

  /** Samples of a pixel by PNG's colour type, one more where a colour may be transparent. */
  private static final int[] PNG_SAMPLES = {2, 0, 4, 1, 2, 0, 4};

  /** A row is held three times, and read in up to seven passes, that add up to 2.75 of it. */
  private static final int PNG_ROWS = 9;

  private static final int BMP_VERSION = 14;
  private static final int BMP_OLDEST = 12;
  private static final int BMP_OLDEST_BITS = 24;
  private static final int BMP_BITS = 28;

  /** A row, and four tables of where its bits are. */
  private static final int BMP_ROW = 24;

  private static final int CMYK = 4;
  private static final int RGB = 3;

  /** A row is held by each that decodes, unpacks, fills up and takes it. */
  private static final int TIFF_ROWS = 16;

  /** JPEGs are filled up to whole blocks. */
  private static final int JPEG_BLOCK = 16;

  /** Numbers of a directory become longs. */
  private static final long TIFF_NUMBER = 40;

  /** A block of 16 x 16 pixels of lossy WebP as the decoder holds it, of which it keeps rows. */
  private static final int WEBP_BLOCK = 24_000;

  private static final int WEBP_ROWS_OF_BLOCKS = 4;
  private static final int WEBP_BLOCK_MODES = 128;
  private static final int WEBP_SIDE = 16;

  /** The pictures of its transforms have a sixteenth of the pixels each. */
  private static final int WEBP_TRANSFORMS = 1;

  /** Codes for a part of the picture take so many bits in the file at least, and so many bytes. */
  private static final int WEBP_LEAST_BITS = 20;

  private static final int WEBP_CODES = 20_000;
  private static final int WEBP_LEAST_PART = 4;

  /** Encoders write some hundred codes; libwebp, whose limit is 2,600, has been seen with fewer. */
  private static final long WEBP_MOST_CODES = 32_000_000;

  /**
   * Of a picture of this size, as its decoder has it.
   *
   * @param plain the file without what {@link MetadataStripper} leaves out
   */
  static HeapNeed of(PictureFormat format, byte[] plain, int width, int height)
      throws UnusableRecordException {
    return switch (format) {
      case PNG -> png(plain, width, height);
      case GIF -> rowByRow(plain, width, height, width, 1);
      case BMP -> bmp(plain, width, height);
      case WEBP -> webp(plain, WebpChunks.layout(plain), width, height);
      case TIFF -> tiff(plain, TiffDirectory.of(plain), width, height);
      case JPEG -> jpeg(plain, JpegSegments.of(plain).frame(), width, height);
      case JPEG2000 -> throw new IllegalArgumentException("not decoded with ImageIO");
    };
  }

  /** What libjpeg, which ImageIO has a copy of, takes outside the heap. */
  static long outside(PictureFormat format, byte[] plain, int width, int height)
      throws UnusableRecordException {
    if (format == PictureFormat.JPEG) {
      return JpegSegments.of(plain).coefficients(width, height);
    }
    long most = 0;
    if (format == PictureFormat.TIFF) {
      TiffDirectory tiff = TiffDirectory.of(plain);
      for (int i = 0; i < tiff.jpegs(); i++) {
        JpegSegments jpeg = JpegSegments.of(tiff.jpeg(i));
        most = Math.max(most, jpeg.coefficients(jpeg.frame().width(), jpeg.frame().height()));
      }
    }
    return most;
  }

  /** Always whole; of what is coded as JPEG, a strip or tile is decoded at once. */
  private static HeapNeed tiff(byte[] plain, TiffDirectory tiff, int width, int height)
      throws UnusableRecordException {
    int perPixel = tiff.samples() * (tiff.bits() > Byte.SIZE ? Short.BYTES : 1);
    long jpeg = 0;
    for (int i = 0; i < tiff.jpegs(); i++) {
      JpegFrame frame = JpegSegments.of(tiff.jpeg(i)).frame();
      if (frame.width() == 0
          || frame.width() >= tiff.tileWidth() + JPEG_BLOCK
          || frame.height() >= tiff.tileHeight() + JPEG_BLOCK) {
        throw new UnusableRecordException(
            Stage.DECODE, BROKEN_PICTURE, "the TIFF has a JPEG inside that does not fit its place");
      }
      int ofPixel = frame.components() * (frame.lossless() ? Integer.BYTES : 1) + RGB;
      jpeg = Math.max(jpeg, (long) ofPixel * frame.width() * frame.height());
    }
    long rows = (long) TIFF_ROWS * perPixel * tiff.tileWidth();
    long fixed = fixed(plain, rows + jpeg + TIFF_NUMBER * tiff.numbers());
    // Its decoder's subsampling reads beyond the rows of 16 bits, and shifts others.
    return new HeapNeed(width, height, fixed, perPixel, false, 0);
  }

  private static HeapNeed png(byte[] png, int width, int height) {
    int depth = at(png, PNG_DEPTH);
    int colours = at(png, PNG_COLOURS);
    int samples = colours < PNG_SAMPLES.length ? PNG_SAMPLES[colours] : CMYK;
    int perPixel = samples * (depth > Byte.SIZE ? Short.BYTES : 1);
    return rowByRow(png, width, height, (long) PNG_ROWS * perPixel * width, perPixel);
  }

  private static HeapNeed bmp(byte[] bmp, int width, int height) {
    int bits = at(bmp, at(bmp, BMP_VERSION) == BMP_OLDEST ? BMP_OLDEST_BITS : BMP_BITS);
    int perPixel = Math.min(Math.max((bits + 7) / Byte.SIZE, 1), Integer.BYTES);
    // Run-length codes are read as a whole, twice.
    return rowByRow(bmp, width, height, (long) BMP_ROW * width + 2L * bmp.length, perPixel);
  }

  /** The native decoder's place is taken by ImageIO; lossless ones are decoded in Java. */
  private static HeapNeed jpeg(byte[] jpeg, JpegFrame frame, int width, int height) {
    if (frame.lossless()) {
      int perPixel = frame.components() * Integer.BYTES + RGB;
      return new HeapNeed(width, height, fixed(jpeg, 0), perPixel, false, 0);
    }
    // As it is in the file, as red, green and blue, and a row of each.
    int perPixel = frame.components() + RGB;
    return rowByRow(jpeg, width, height, 2L * perPixel * width, perPixel);
  }

  /** Lossy frames are read in rows of blocks; lossless ones, and transparency, as a whole. */
  private static HeapNeed webp(byte[] webp, WebpChunks.Layout layout, int width, int height) {
    boolean lossy = layout.lossyWidth() > 0;
    long fixed = 0;
    if (lossy) {
      long columns = 3L + layout.lossyWidth() / WEBP_SIDE;
      long rows = 1L + layout.lossyHeight() / WEBP_SIDE;
      fixed = columns * (WEBP_ROWS_OF_BLOCKS * WEBP_BLOCK + rows * WEBP_BLOCK_MODES);
    }
    if (layout.losslessBytes() > 0) {
      // Transparency is a picture of its own.
      int perPixel = WEBP_TRANSFORMS + (lossy ? CMYK : 0);
      fixed += (long) perPixel * width * height + codes(layout.losslessBytes(), width, height);
    }
    return new HeapNeed(width, height, fixed(webp, fixed), CMYK, lossy, layout.losslessEnd());
  }

  /** What the tables of codes take, which may be a thousand times as long as in the file. */
  private static long codes(long bytes, int width, int height) {
    long parts = (long) (width / WEBP_LEAST_PART + 1) * (height / WEBP_LEAST_PART + 1);
    long codes = Math.min(bytes * Byte.SIZE / WEBP_LEAST_BITS, parts);
    return Math.min(WEBP_MOST_CODES, codes * WEBP_CODES);
  }

  private static HeapNeed rowByRow(byte[] file, int width, int height, long fixed, int perPixel) {
    return new HeapNeed(width, height, fixed(file, fixed), perPixel, true, 0);
  }

  /** The file is copied twice on its way. */
  private static long fixed(byte[] file, long more) {
    return READER + 2L * file.length + more;
  }

  /** The need if only every {@code step}-th pixel is read. */
  long bytes(int step) {
    return fixed + (long) perPixel * ((width + step - 1) / step) * ((height + step - 1) / step);
  }

  /**
   * The smallest step with which it needs no more than {@code wanted}, or the largest that leaves
   * the shorter side enough pixels.
   *
   * @param leastSide pixels that the shorter side has to keep
   */
  int step(long wanted, int leastSide) {
    int most = reducible ? Math.max(1, Math.min(width, height) / leastSide) : 1;
    int step = 1;
    while (step < most && bytes(step) > wanted) {
      step++;
    }
    return step;
  }

  private static int at(byte[] bytes, int at) {
    return at < bytes.length ? bytes[at] & 0xff : 0xff;
  }
}

package io.afina.picture;

import io.afina.picture.format.GifScreen;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a decoded picture of any colour type. What is transparent lies on white, as on most
 * pages. Close it when its pixels were taken: they may be native memory.
 */
interface PixelRows extends AutoCloseable {

  /** A row's pixel. */
  int WHITE = 0xffff_ff00;

  int width();

  int height();

  /**
   * Copies a part of one row.
   *
   * @param from the first column
   * @param count how many columns
   * @param into takes them: red, green and blue in the upper three bytes, the lowest is undefined
   */
  void copy(int row, int from, int count, int[] into);

  @Override
  default void close() {}

  /** The same, which gives back the memory that it had when it is closed. */
  default PixelRows holding(MemoryBudget.Share share) {
    return new Holding(this, share);
  }

  static PixelRows of(BufferedImage image) {
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR && isPlain(image.getRaster())) {
      return new Bytes(image, ((DataBufferByte) image.getRaster().getDataBuffer()).getData());
    }
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      return new Cmyk(image);
    }
    return isGrey(image) ? new Grey(image) : new Any(image);
  }

  /**
   * A frame on a screen that is larger; beside it is what is transparent, else the first colour.
   */
  static PixelRows onScreen(PixelRows rows, BufferedImage image, GifScreen screen, int step) {
    int background =
        image.getColorModel() instanceof IndexColorModel colours && !colours.hasAlpha()
            ? onWhite(colours.getRGB(0))
            : WHITE;
    return new OnScreen(rows, screen, step, background);
  }

  private static boolean isPlain(Raster raster) {
    SampleModel model = raster.getSampleModel();
    return raster.getParent() == null
        && raster.getDataBuffer().getOffset() == 0
        && model instanceof PixelInterleavedSampleModel interleaved
        && interleaved.getScanlineStride() == 3 * raster.getWidth();
  }

  private static boolean isGrey(BufferedImage image) {
    return image.getColorModel() instanceof ComponentColorModel model
        && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY
        && (model.getTransferType() == DataBuffer.TYPE_BYTE
            || model.getTransferType() == DataBuffer.TYPE_USHORT);
  }

  /**
   * Rows with the memory that they are in. It is given back once nothing refers to the pixels any
   * more: whoever closes this may still hold it when the next picture takes that memory.
   */
  final class Holding implements PixelRows {

    private final MemoryBudget.Share share;
    private @Nullable PixelRows rows;

    Holding(PixelRows rows, MemoryBudget.Share share) {
      this.rows = rows;
      this.share = share;
    }

    @Override
    public int width() {
      return open().width();
    }

    @Override
    public int height() {
      return open().height();
    }

    @Override
    public void copy(int row, int from, int count, int[] into) {
      open().copy(row, from, count, into);
    }

    private PixelRows open() {
      return Objects.requireNonNull(rows, "closed");
    }

    @Override
    public void close() {
      if (rows == null) {
        return;
      }
      try {
        rows.close();
      } finally {
        rows = null;
        share.close();
      }
    }
  }

  /** Rows of a picture that ImageIO decoded. */
  interface OfImage extends PixelRows {

    BufferedImage image();

    @Override
    default int width() {
      return image().getWidth();
    }

    @Override
    default int height() {
      return image().getHeight();
    }
  }

  /** What ImageIO's JPEG decoder gives: blue, green, red, a byte each. */
  record Bytes(BufferedImage image, byte[] bgr) implements OfImage {

    @Override
    public void copy(int row, int from, int count, int[] into) {
      int at = 3 * (row * width() + from);
      for (int x = 0; x < count; x++) {
        into[x] = packed(bgr[at + 2] & 0xff, bgr[at + 1] & 0xff, bgr[at] & 0xff);
        at += 3;
      }
    }
  }

  /**
   * Grey as it is stored. Java's colour model takes grey samples for linear light and would make
   * them brighter than every other program does.
   */
  record Grey(BufferedImage image) implements OfImage {

    @Override
    public void copy(int row, int from, int count, int[] into) {
      Raster raster = image.getRaster();
      ColorModel model = image.getColorModel();
      int bands = raster.getNumBands();
      boolean alpha = model.hasAlpha();
      float scale = 255f / ((1 << model.getComponentSize(0)) - 1);
      float[] samples = raster.getPixels(from, row, count, 1, (float[]) null);
      for (int x = 0; x < count; x++) {
        int grey =
            alpha
                ? onWhite(samples[bands * x] * scale, samples[bands * x + 1] * scale)
                : Math.round(samples[bands * x] * scale);
        into[x] = packed(grey, grey, grey);
      }
    }
  }

  /** Inks as they are printed on white, without a profile, as Pillow has them. */
  record Cmyk(BufferedImage image) implements OfImage {

    @Override
    public void copy(int row, int from, int count, int[] into) {
      Raster raster = image.getRaster();
      int bands = raster.getNumBands();
      float most = (1 << image.getColorModel().getComponentSize(0)) - 1;
      float[] inks = raster.getPixels(from, row, count, 1, (float[]) null);
      for (int x = 0; x < count; x++) {
        int at = bands * x;
        float light = 255 * (1 - inks[at + 3] / most);
        into[x] =
            packed(
                Math.round(light * (1 - inks[at] / most)),
                Math.round(light * (1 - inks[at + 1] / most)),
                Math.round(light * (1 - inks[at + 2] / most)));
      }
    }
  }

  /**
   * A frame on a screen that is larger.
   *
   * @param background what the screen has beside it, as a row's pixel
   */
  record OnScreen(PixelRows rows, GifScreen screen, int step, int background) implements PixelRows {

    @Override
    public int width() {
      return scaled(screen.width());
    }

    @Override
    public int height() {
      return scaled(screen.height());
    }

    @Override
    public void copy(int row, int from, int count, int[] into) {
      Arrays.fill(into, 0, count, background);
      int inFrame = row - screen.top() / step;
      int left = screen.left() / step;
      int start = Math.max(from, left);
      int end = Math.min(from + count, left + rows.width());
      if (inFrame >= 0 && inFrame < rows.height() && start < end) {
        int[] part = new int[end - start];
        rows.copy(inFrame, start - left, part.length, part);
        System.arraycopy(part, 0, into, start - from, part.length);
      }
    }

    private int scaled(int pixels) {
      return (pixels + step - 1) / step;
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  /** Everything else, as the picture's own colour model understands it. */
  record Any(BufferedImage image) implements OfImage {

    @Override
    public void copy(int row, int from, int count, int[] into) {
      image.getRGB(from, row, count, 1, into, 0, count);
      for (int x = 0; x < count; x++) {
        into[x] = onWhite(into[x]);
      }
    }
  }

  /** Alpha, red, green and blue, from the highest byte to the lowest, become a row's pixel. */
  static int onWhite(int pixel) {
    int alpha = pixel >>> 24;
    return packed(
        onWhite((pixel >> 16) & 0xff, alpha),
        onWhite((pixel >> 8) & 0xff, alpha),
        onWhite(pixel & 0xff, alpha));
  }

  private static int packed(int red, int green, int blue) {
    return red << 24 | green << 16 | blue << 8;
  }

  private static int onWhite(float colour, float alpha) {
    return Math.round(255 + (colour - 255) * alpha / 255);
  }
}

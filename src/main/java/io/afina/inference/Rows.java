package io.afina.inference;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;

/**
 * The rows of a picture of any colour type as red, green and blue from 0 to 255. What is
 * transparent lies on white, as on most pages.
 */
interface Rows {

  int width();

  int height();

  /**
   * Copies one row.
   *
   * @param into takes {@code 3 * width()} numbers: red, green, blue, red, ...
   */
  void copy(int row, float[] into);

  static Rows of(BufferedImage image) {
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR && isPlain(image.getRaster())) {
      return new Bytes(image, ((DataBufferByte) image.getRaster().getDataBuffer()).getData());
    }
    return isGrey(image) ? new Grey(image) : new Any(image, new int[image.getWidth()]);
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

  /** What the JPEG decoder gives: blue, green, red, a byte each. */
  record Bytes(BufferedImage image, byte[] bgr) implements Rows {

    @Override
    public int width() {
      return image.getWidth();
    }

    @Override
    public int height() {
      return image.getHeight();
    }

    @Override
    public void copy(int row, float[] into) {
      int from = 3 * row * width();
      for (int i = 0; i < 3 * width(); i += 3) {
        into[i] = bgr[from + i + 2] & 0xff;
        into[i + 1] = bgr[from + i + 1] & 0xff;
        into[i + 2] = bgr[from + i] & 0xff;
      }
    }
  }

  /**
   * Grey as it is stored. Java's colour model takes grey samples for linear light and would make
   * them brighter than every other program does.
   */
  record Grey(BufferedImage image) implements Rows {

    @Override
    public int width() {
      return image.getWidth();
    }

    @Override
    public int height() {
      return image.getHeight();
    }

    @Override
    public void copy(int row, float[] into) {
      Raster raster = image.getRaster();
      boolean alpha = raster.getNumBands() > 1;
      float scale = raster.getTransferType() == DataBuffer.TYPE_BYTE ? 1 : 255f / 65_535;
      float[] samples = raster.getPixels(0, row, width(), 1, (float[]) null);
      for (int x = 0; x < width(); x++) {
        float grey =
            alpha
                ? onWhite(samples[2 * x] * scale, samples[2 * x + 1] * scale)
                : samples[x] * scale;
        into[3 * x] = grey;
        into[3 * x + 1] = grey;
        into[3 * x + 2] = grey;
      }
    }
  }

  /** Everything else, as the picture's own colour model understands it. */
  record Any(BufferedImage image, int[] argb) implements Rows {

    @Override
    public int width() {
      return image.getWidth();
    }

    @Override
    public int height() {
      return image.getHeight();
    }

    @Override
    public void copy(int row, float[] into) {
      image.getRGB(0, row, width(), 1, argb, 0, width());
      for (int x = 0; x < width(); x++) {
        float alpha = argb[x] >>> 24;
        into[3 * x] = onWhite((argb[x] >> 16) & 0xff, alpha);
        into[3 * x + 1] = onWhite((argb[x] >> 8) & 0xff, alpha);
        into[3 * x + 2] = onWhite(argb[x] & 0xff, alpha);
      }
    }
  }

  private static float onWhite(float colour, float alpha) {
    return 255 + (colour - 255) * alpha / 255;
  }
}

package io.afina.picture;

import io.afina.config.PicturesConfig;
import io.afina.event.UnusableRecordException;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeRule;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;

/**
 * Makes of a picture what browsers show: the picture itself, or a JPEG of it, upright and of a
 * bounded size, decoded within the same limits and the same budget of memory as elsewhere.
 */
public final class PictureRendering {

  private static final int LONGER_SIDE = 1024;
  private static final int SHORTER_SIDE = 512;

  private final PictureDecoder decoder;

  /** Shared by threads; each has a little memory of its own. */
  public PictureRendering(PicturesConfig limits) {
    PictureInput input =
        new PictureInput(
            new ResizeRule(SHORTER_SIDE, 1), new float[] {0, 0, 0}, new float[] {1, 1, 1});
    decoder = new PictureDecoder(limits, input);
  }

  /**
   * What a browser is sent.
   *
   * @param mediaType what it is told that this is
   * @param bytes the picture as it is, or a JPEG of it
   */
  public record Shown(String mediaType, byte[] bytes) {}

  /**
   * Makes it; a JPEG has at most 1,024 pixels on its longer side.
   *
   * @throws UnusableRecordException when it is no picture, or one that cannot be decoded
   */
  public Shown shown(byte[] picture) throws UnusableRecordException {
    PictureFormat format = PictureDecoder.format(picture);
    return format.isShownByBrowsers()
        ? new Shown(format.mediaType(), picture)
        : new Shown(PictureFormat.JPEG.mediaType(), jpeg(picture));
  }

  private byte[] jpeg(byte[] picture) throws UnusableRecordException {
    AtomicReference<BufferedImage> image = new AtomicReference<>();
    decoder.read(picture, (rows, orientation) -> image.set(upright(rows, orientation)));
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    try {
      ImageIO.write(image.get(), "jpeg", jpeg);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jpeg.toByteArray();
  }

  /** Every n-th pixel of every n-th row. */
  private static BufferedImage upright(PixelRows rows, Orientation orientation) {
    int step = (Math.max(rows.width(), rows.height()) + LONGER_SIDE - 1) / LONGER_SIDE;
    int width = (rows.width() + step - 1) / step;
    int height = (rows.height() + step - 1) / step;
    BufferedImage image =
        orientation.transpose()
            ? new BufferedImage(height, width, BufferedImage.TYPE_INT_RGB)
            : new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[rows.width()];
    for (int y = 0; y < height; y++) {
      rows.copy(y * step, 0, row.length, row);
      int down = orientation.mirrorY() ? height - 1 - y : y;
      for (int x = 0; x < width; x++) {
        int across = orientation.mirrorX() ? width - 1 - x : x;
        int pixel = row[x * step] >>> Byte.SIZE;
        if (orientation.transpose()) {
          image.setRGB(down, across, pixel);
        } else {
          image.setRGB(across, down, pixel);
        }
      }
    }
    return image;
  }
}

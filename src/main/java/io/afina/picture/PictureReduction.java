package io.afina.picture;

import io.afina.config.PicturesConfig;
import io.afina.event.RecordLimits;
import io.afina.event.UnusableRecordException;
import io.afina.picture.tensor.FilterKernel;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeFilter;
import io.afina.picture.tensor.ResizeRule;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Makes small copies of pictures, from which backbones get nearly the same embeddings: the shorter
 * side is resized like a backbone's, bilinear with antialias, and nothing is cut off. A copy is an
 * upright JPEG without metadata. Shared by threads; each has a little memory of its own.
 */
public final class PictureReduction {

  /** What is too large still is made so much smaller, once more. */
  private static final double SMALLER = 0.7;

  private final PictureDecoder decoder;
  private final int shorterSide;
  private final float quality;

  /** Copies as the configuration wants them. */
  public PictureReduction(PicturesConfig config) {
    shorterSide = config.keptSide();
    quality = config.keptQuality() / 100f;
    PictureInput input =
        new PictureInput(
            new ResizeRule(shorterSide, 1), new float[] {0, 0, 0}, new float[] {1, 1, 1});
    decoder = new PictureDecoder(config, input);
  }

  /**
   * Makes a copy; it has {@link RecordLimits#PICTURE_BYTES} at most.
   *
   * @throws UnusableRecordException when it is no picture, or one that cannot be decoded
   */
  public byte[] reduce(byte[] picture) throws UnusableRecordException {
    for (double side = shorterSide; ; side *= SMALLER) {
      byte[] jpeg = jpeg(resized(picture, (int) side));
      if (jpeg.length <= RecordLimits.PICTURE_BYTES) {
        return jpeg;
      }
    }
  }

  BufferedImage resized(byte[] picture, int side) throws UnusableRecordException {
    AtomicReference<BufferedImage> image = new AtomicReference<>();
    decoder.read(picture, (rows, orientation) -> image.set(resized(rows, orientation, side)));
    return Objects.requireNonNull(image.get());
  }

  /** Never larger than it was; a side has one pixel at least. */
  private static BufferedImage resized(PixelRows rows, Orientation orientation, int most) {
    double scale = Math.min(1, (double) most / Math.min(rows.width(), rows.height()));
    int width = Math.max(1, Math.toIntExact(Math.round(scale * rows.width())));
    int height = Math.max(1, Math.toIntExact(Math.round(scale * rows.height())));
    BufferedImage image =
        orientation.transpose()
            ? new BufferedImage(height, width, BufferedImage.TYPE_INT_RGB)
            : new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    RowResampler resampler = new RowResampler(rows, width, height);
    int[] line = new int[width];
    for (int y = 0; y < height; y++) {
      resampler.resample(y, line);
      put(orientation, y, height, line, image);
    }
    return image;
  }

  private static void put(
      Orientation orientation, int y, int height, int[] line, BufferedImage image) {
    int down = orientation.mirrorY() ? height - 1 - y : y;
    for (int x = 0; x < line.length; x++) {
      int across = orientation.mirrorX() ? line.length - 1 - x : x;
      if (orientation.transpose()) {
        image.setRGB(down, across, line[x]);
      } else {
        image.setRGB(across, down, line[x]);
      }
    }
  }

  private byte[] jpeg(BufferedImage image) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(quality);
      how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, fullColour(writer, image, how)), how);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes what is written", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Colours at half the resolution cost an embedding more than a lower quality does. */
  private static IIOMetadata fullColour(
      ImageWriter writer, BufferedImage image, ImageWriteParam how) throws IOException {
    IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), how);
    Element root = (Element) metadata.getAsTree(metadata.getNativeMetadataFormatName());
    NodeList components = root.getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      Element component = (Element) components.item(i);
      component.setAttribute("HsamplingFactor", "1");
      component.setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree(metadata.getNativeMetadataFormatName(), root);
    return metadata;
  }

  /** Resizes the rows of a picture from top to bottom, each of the original's once. */
  private static final class RowResampler {

    /** The weights of a pixel sum to it. */
    private static final int ONE = 256;

    private static final int COLOURS = 3;

    private final PixelRows rows;
    private final FilterKernel across;
    private final FilterKernel down;
    private final int[] acrossWeights;
    private final int[] downWeights;
    private final int[] original;
    private final int[][] lines;
    private final int[] held;

    RowResampler(PixelRows rows, int width, int height) {
      this.rows = rows;
      across = FilterKernel.of(ResizeFilter.BILINEAR, rows.width(), width, 0, width);
      down = FilterKernel.of(ResizeFilter.BILINEAR, rows.height(), height, 0, height);
      acrossWeights = across.rounded(ONE);
      downWeights = down.rounded(ONE);
      original = new int[rows.width() + across.most()];
      lines = new int[down.most()][COLOURS * width];
      held = new int[down.most()];
      Arrays.fill(held, -1);
    }

    void resample(int y, int[] into) {
      int[] sums = new int[COLOURS * into.length];
      for (int i = 0; i < down.most(); i++) {
        int weight = downWeights[y * down.most() + i];
        if (weight > 0) {
          int[] line = line(down.first()[y] + i);
          for (int x = 0; x < sums.length; x++) {
            sums[x] += weight * line[x];
          }
        }
      }
      for (int x = 0; x < into.length; x++) {
        int at = COLOURS * x;
        into[x] = colour(sums[at]) << 16 | colour(sums[at + 1]) << 8 | colour(sums[at + 2]);
      }
    }

    private static int colour(int sum) {
      return (sum + ONE * ONE / 2) / (ONE * ONE);
    }

    private int[] line(int row) {
      int slot = row % lines.length;
      if (held[slot] != row) {
        rows.copy(row, 0, rows.width(), original);
        shrink(lines[slot]);
        held[slot] = row;
      }
      return lines[slot];
    }

    private void shrink(int[] line) {
      int weight = 0;
      for (int x = 0; x < line.length / COLOURS; x++) {
        int red = 0;
        int green = 0;
        int blue = 0;
        for (int i = 0; i < across.most(); i++) {
          int pixel = original[across.first()[x] + i];
          int share = acrossWeights[weight++];
          red += share * (pixel >>> 24);
          green += share * (pixel >>> 16 & 0xff);
          blue += share * (pixel >>> 8 & 0xff);
        }
        line[COLOURS * x] = red;
        line[COLOURS * x + 1] = green;
        line[COLOURS * x + 2] = blue;
      }
    }
  }
}

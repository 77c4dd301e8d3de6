package io.afina.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Pictures that tests draw: four quarters, red and green above blue and white, so that every mirror
 * image and every rotation looks different.
 */
public final class Drawn {

  static final Color[] QUARTERS = {Color.RED, Color.GREEN, Color.BLUE, Color.WHITE};

  private Drawn() {}

  public static BufferedImage quarters(int width, int height, int type) {
    return quarters(new BufferedImage(width, height, type));
  }

  public static BufferedImage quarters(BufferedImage image) {
    int x = image.getWidth() / 2;
    int y = image.getHeight() / 2;
    Graphics2D g = image.createGraphics();
    for (int i = 0; i < QUARTERS.length; i++) {
      g.setColor(QUARTERS[i]);
      g.fillRect(i % 2 * x, i / 2 * y, image.getWidth() - x, image.getHeight() - y);
    }
    g.dispose();
    return image;
  }

  static BufferedImage filled(BufferedImage image, int... samples) {
    WritableRaster raster = image.getRaster();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        raster.setPixel(x, y, samples);
      }
    }
    return image;
  }

  /** A picture of a colour type that has no name: 16 bits, or grey with alpha. */
  static BufferedImage component(int side, int colorSpace, boolean alpha, int transferType) {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(colorSpace),
            alpha,
            false,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            transferType);
    return new BufferedImage(model, model.createCompatibleWritableRaster(side, side), false, null);
  }

  static BufferedImage sixteenBits(int side) {
    return component(side, ColorSpace.CS_sRGB, false, DataBuffer.TYPE_USHORT);
  }

  public static byte[] encoded(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] jpeg(BufferedImage image, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(0.95f);
      param.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Puts a segment of APP1 behind the first marker of a JPEG: EXIF with nothing but this tag. */
  static byte[] withOrientation(byte[] jpeg, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(36);
    exif.putShort((short) 0xffe1).putShort((short) 34);
    exif.put(new byte[] {'E', 'x', 'i', 'f', 0, 0, 'M', 'M'});
    exif.putShort((short) 42).putInt(8).putShort((short) 1);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    exif.putShort((short) orientation).putShort((short) 0).putInt(0);
    return inserted(jpeg, 2, exif.array());
  }

  static byte[] inserted(byte[] bytes, int at, byte[] what) {
    return ByteBuffer.allocate(bytes.length + what.length)
        .put(bytes, 0, at)
        .put(what)
        .put(bytes, at, bytes.length - at)
        .array();
  }

  static byte[] chunk(String type, byte[] data) {
    CRC32 crc = new CRC32();
    ByteBuffer chunk = ByteBuffer.allocate(data.length + 12).putInt(data.length);
    chunk.put(type.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).put(data);
    crc.update(chunk.array(), 4, data.length + 4);
    return chunk.putInt((int) crc.getValue()).array();
  }

  static byte[] fixture(String name) {
    try (InputStream in = Objects.requireNonNull(Drawn.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Random pixels, which compress badly. */
  static BufferedImage noise() {
    BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(17);
    for (int i = 0; i < 120 * 90; i++) {
      image.setRGB(i % 120, i / 120, random.nextInt());
    }
    return image;
  }

  /** Where a sequence of bytes begins. */
  static int indexOf(byte[] bytes, int... wanted) {
    return indexOf(bytes, 0, wanted);
  }

  static int indexOf(byte[] bytes, int from, int[] wanted) {
    for (int at = from; at + wanted.length <= bytes.length; at++) {
      int i = 0;
      while (i < wanted.length && (bytes[at + i] & 0xff) == wanted[i]) {
        i++;
      }
      if (i == wanted.length) {
        return at;
      }
    }
    throw new IllegalArgumentException("not there");
  }
}

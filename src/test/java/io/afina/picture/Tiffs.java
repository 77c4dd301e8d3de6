package io.afina.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** TIFF files that tests write, tag by tag where no writer does. */
final class Tiffs {

  static final int WHITE_IS_ZERO = 0;
  static final int GREY = 1;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int CMYK = 5;

  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int STRIPS = 273;
  static final int SAMPLES = 277;
  static final int ROWS = 278;
  static final int BYTES = 279;
  static final int PLANES = 284;
  static final int COLOURS = 320;

  private Tiffs() {}

  /** By the writer of ImageIO, with a compression that it has a name for. */
  static byte[] encoded(BufferedImage image, String compression) {
    return encoded(image, compression, 0);
  }

  /** The same in tiles, where a side of them is given. */
  static byte[] encoded(BufferedImage image, String compression, int tile) {
    ImageWriter writer = jdkWriter();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionType(compression);
      if (tile > 0) {
        param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
        param.setTiling(tile, tile, 0, 0);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** That of the JDK, which knows tiles. */
  private static ImageWriter jdkWriter() {
    for (var writers = ImageIO.getImageWritersByFormatName("tiff"); writers.hasNext(); ) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun")) {
        return writer;
      }
    }
    throw new IllegalStateException("the JDK has no writer for TIFF");
  }

  /** The four quarters, uncompressed, in one strip, with so many bits a sample. */
  static byte[] of(int photometric, int width, int height, int bits) {
    return of(photometric, width, height, bits, false);
  }

  static byte[] of(int photometric, int width, int height, int bits, boolean planar) {
    int samples = photometric == RGB ? 3 : photometric == CMYK ? 4 : 1;
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    for (int plane = 0; plane < (planar ? samples : 1); plane++) {
      for (int y = 0; y < height; y++) {
        Bits row = new Bits();
        for (int x = 0; x < width; x++) {
          Color colour = Drawn.QUARTERS[x * 2 / width + y * 2 / height * 2];
          for (int s = planar ? plane : 0; s < (planar ? plane + 1 : samples); s++) {
            row.put(sample(photometric, colour, s, bits), bits);
          }
        }
        pixels.writeBytes(row.bytes());
      }
    }
    Map<Integer, long[]> tags = tags(width, height, bits, samples, photometric);
    tags.put(PLANES, new long[] {planar ? 2 : 1});
    byte[] all = pixels.toByteArray();
    return planar ? file(tags, split(all, samples)) : file(tags, all);
  }

  private static byte[][] split(byte[] all, int parts) {
    byte[][] split = new byte[parts][all.length / parts];
    for (int i = 0; i < parts; i++) {
      System.arraycopy(all, i * split[i].length, split[i], 0, split[i].length);
    }
    return split;
  }

  static Map<Integer, long[]> tags(int width, int height, int bits, int samples, int photometric) {
    Map<Integer, long[]> tags = new TreeMap<>();
    tags.put(WIDTH, new long[] {width});
    tags.put(HEIGHT, new long[] {height});
    long[] all = new long[samples];
    Arrays.fill(all, bits);
    tags.put(BITS, all);
    tags.put(COMPRESSION, new long[] {1});
    tags.put(PHOTOMETRIC, new long[] {photometric});
    tags.put(SAMPLES, new long[] {samples});
    tags.put(ROWS, new long[] {height});
    if (photometric == PALETTE) {
      long[] palette = new long[3 << bits];
      for (int i = 0; i < 4; i++) {
        palette[i] = Drawn.QUARTERS[i].getRed() * 257L;
        palette[i + (1 << bits)] = Drawn.QUARTERS[i].getGreen() * 257L;
        palette[i + (2 << bits)] = Drawn.QUARTERS[i].getBlue() * 257L;
      }
      tags.put(COLOURS, palette);
    }
    return tags;
  }

  private static int sample(int photometric, Color colour, int sample, int bits) {
    int[] rgb = {colour.getRed(), colour.getGreen(), colour.getBlue()};
    int most = (1 << bits) - 1;
    return switch (photometric) {
      case RGB -> rgb[sample] * most / 255;
      case CMYK -> sample == 3 ? 0 : (255 - rgb[sample]) * most / 255;
      case PALETTE -> List.of(Drawn.QUARTERS).indexOf(colour);
      case WHITE_IS_ZERO -> most - grey(colour) * most / 255;
      default -> grey(colour) * most / 255;
    };
  }

  /** Two are black and two are white, so that one bit is enough. */
  private static int grey(Color colour) {
    return colour.equals(Color.WHITE) || colour.equals(Color.GREEN) ? 255 : 0;
  }

  /** A file of these tags and strips, little endian. */
  static byte[] file(Map<Integer, long[]> tags, byte[]... strips) {
    int size = 8;
    long[] offsets = new long[strips.length];
    long[] lengths = new long[strips.length];
    for (int i = 0; i < strips.length; i++) {
      offsets[i] = size;
      lengths[i] = strips[i].length;
      size += strips[i].length;
    }
    Map<Integer, long[]> all = new TreeMap<>(tags);
    all.putIfAbsent(STRIPS, offsets);
    all.putIfAbsent(BYTES, lengths);
    int values = all.values().stream().mapToInt(v -> v.length > 1 ? 4 * v.length : 0).sum();
    int directory = size + values;
    ByteBuffer tiff =
        ByteBuffer.allocate(directory + 2 + 12 * all.size() + 4).order(ByteOrder.LITTLE_ENDIAN);
    tiff.put(new byte[] {'I', 'I', 42, 0}).putInt(directory);
    for (byte[] strip : strips) {
      tiff.put(strip);
    }
    int at = size;
    tiff.putShort(directory, (short) all.size());
    int entry = directory + 2;
    for (Map.Entry<Integer, long[]> tag : all.entrySet()) {
      at = put(tiff, entry, tag.getKey(), tag.getValue(), at);
      entry += 12;
    }
    return tiff.array();
  }

  /** Colour maps are shorts by their specification; all others are longs here. */
  private static int put(ByteBuffer tiff, int entry, int tag, long[] values, int start) {
    int at = start;
    boolean shorts = tag == COLOURS;
    tiff.putShort(entry, (short) tag).putShort(entry + 2, (short) (shorts ? 3 : 4));
    tiff.putInt(entry + 4, values.length);
    tiff.putInt(entry + 8, values.length > 1 ? at : (int) values[0]);
    for (long value : values.length > 1 ? values : new long[0]) {
      if (shorts) {
        tiff.putShort(at, (short) value);
      } else {
        tiff.putInt(at, (int) value);
      }
      at += shorts ? 2 : 4;
    }
    return at;
  }

  /** Bits, the highest first, in the order of bytes that a little endian file has for 16. */
  private static final class Bits {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int pending;
    private int count;

    void put(int value, int size) {
      if (size == 16) {
        bytes.write(value);
        bytes.write(value >> 8);
        return;
      }
      pending = pending << size | value;
      for (count += size; count >= 8; count -= 8) {
        bytes.write(pending >> (count - 8));
      }
    }

    byte[] bytes() {
      if (count > 0) {
        bytes.write(pending << (8 - count));
      }
      return bytes.toByteArray();
    }
  }
}

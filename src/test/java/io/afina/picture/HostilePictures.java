package io.afina.picture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;

/**
 * Pictures that are small files and enormous in memory. All are of one colour, and valid unless
 * their name says otherwise.
 */
public final class HostilePictures {

  private static final int MEBI = 1 << 20;
  private static final int[] ADAM7_X = {0, 4, 0, 2, 0, 1, 0};
  private static final int[] ADAM7_Y = {0, 0, 4, 0, 2, 0, 1};
  private static final int[] ADAM7_STEP_X = {8, 8, 4, 4, 2, 2, 1};
  private static final int[] ADAM7_STEP_Y = {8, 8, 8, 4, 4, 2, 2};

  private HostilePictures() {}

  /** One of every kind, by its name, with this side in pixels. */
  public static Map<String, byte[]> all(int side) {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("png-16-rgba", png(side, side, 16, 6, false));
    all.put("png-16-rgba-interlaced", png(side, side, 16, 6, true));
    all.put("png-8-rgb", png(side, side, 8, 2, false));
    all.put("png-1-grey", png(side, side, 1, 0, false));
    all.put("bmp-32-cut-short", bmp(side, 32, 0, new byte[1000]));
    all.put("bmp-8-run-lengths", bmp(side, 8, 1, runLengths(side)));
    all.put("gif", gif(side, side));
    all.put("webp-lossless", HostileWebp.lossless(side, side));
    all.put("webp-lossless-16383", HostileWebp.lossless(16_383, 16_383));
    all.put("webp-lossy", HostileWebp.lossy(side, side));
    all.put("webp-code-tables", HostileWebp.ofCodeTables());
    all.put("jpeg", jpeg(side, side, 3, false));
    all.put("jpeg-progressive", jpeg(side, side, 3, true));
    all.put("jpeg-cmyk", jpeg(side, side, 4, false));
    all.put("jpeg-cmyk-progressive", jpeg(side, side, 4, true));
    all.put("jpeg-lossless-broken", jpegOfKind(jpeg(side, side, 3, false), 0xc3));
    all.put("tiff-deflate", tiff(side, 8, 3, 8, deflatedZeros(3L * side * side)));
    all.put("tiff-deflate-16", tiff(side, 16, 4, 8, deflatedZeros(8L * side * side)));
    all.put("tiff-jpeg", tiff(side, 8, 3, 7, jpeg(side, side, 3, true)));
    return all;
  }

  private static byte[] tiff(int side, int bits, int samples, int compression, byte[] strip) {
    Map<Integer, long[]> tags = Tiffs.tags(side, side, bits, samples, Tiffs.RGB);
    tags.put(Tiffs.COMPRESSION, new long[] {compression});
    return Tiffs.file(tags, strip);
  }

  /** A PNG whose samples are all 0. */
  public static byte[] png(int width, int height, int depth, int colours, boolean interlaced) {
    int samples = new int[] {1, 0, 3, 1, 2, 0, 4}[colours];
    long bytes = 0;
    for (int pass = interlaced ? 0 : 6; pass < 7; pass++) {
      int x = interlaced ? ADAM7_STEP_X[pass] : 1;
      int y = interlaced ? ADAM7_STEP_Y[pass] : 1;
      long across = ((long) width - (interlaced ? ADAM7_X[pass] : 0) + x - 1) / x;
      long down = ((long) height - (interlaced ? ADAM7_Y[pass] : 0) + y - 1) / y;
      bytes += across > 0 ? down * (1 + (across * samples * depth + 7) / 8) : 0;
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) colours).putShort((short) 0);
    png.writeBytes(Drawn.chunk("IHDR", header.put((byte) (interlaced ? 1 : 0)).array()));
    if (colours == 3) {
      png.writeBytes(Drawn.chunk("PLTE", new byte[3]));
    }
    png.writeBytes(Drawn.chunk("IDAT", deflatedZeros(bytes)));
    png.writeBytes(Drawn.chunk("IEND", new byte[0]));
    return png.toByteArray();
  }

  /** A zlib stream; most of it is one block again and again. */
  private static byte[] deflatedZeros(long count) {
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    zlib.write(0x78);
    zlib.write(1);
    byte[] block = deflated(MEBI, false);
    for (long i = 0; i < count / MEBI; i++) {
      zlib.writeBytes(block);
    }
    zlib.writeBytes(deflated((int) (count % MEBI), true));
    int adler = (int) (count % 65_521) << 16 | 1;
    return ByteBuffer.allocate(zlib.size() + 4).put(zlib.toByteArray()).putInt(adler).array();
  }

  private static byte[] deflated(int zeros, boolean last) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(new byte[zeros]);
    if (last) {
      deflater.finish();
    }
    byte[] out = new byte[zeros / 100 + 1000];
    int length =
        deflater.deflate(out, 0, out.length, last ? Deflater.NO_FLUSH : Deflater.FULL_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  /** A BMP of version 3 with these pixels, and a palette if it needs one. */
  static byte[] bmp(int side, int bits, int compression, byte[] pixels) {
    int palette = bits > 8 ? 0 : 4 << bits;
    ByteBuffer bmp =
        ByteBuffer.allocate(54 + palette + pixels.length).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put(new byte[] {'B', 'M'}).putInt(bmp.capacity()).putInt(0).putInt(54 + palette);
    bmp.putInt(40).putInt(side).putInt(side).putShort((short) 1).putShort((short) bits);
    bmp.putInt(compression).putInt(pixels.length).putLong(0).putLong(0);
    return bmp.put(new byte[palette]).put(pixels).array();
  }

  private static byte[] runLengths(int side) {
    ByteArrayOutputStream codes = new ByteArrayOutputStream();
    for (int row = 0; row < side; row++) {
      for (int left = side; left > 0; left -= 255) {
        codes.write(Math.min(left, 255));
        codes.write(0);
      }
      codes.writeBytes(new byte[] {0, 0});
    }
    codes.writeBytes(new byte[] {0, 1});
    return codes.toByteArray();
  }

  /** A GIF with the largest screen there is. */
  static byte[] gif(int width, int height) {
    ByteArrayOutputStream gif = new ByteArrayOutputStream();
    gif.writeBytes("GIF89a".getBytes(US_ASCII));
    gif.writeBytes(new byte[] {-1, -1, -1, -1, (byte) 0x91, 0, 0});
    gif.writeBytes(new byte[12]);
    ByteBuffer frame = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN);
    frame.put((byte) ',').putInt(0).putShort((short) width).putShort((short) height);
    gif.writeBytes(frame.put((byte) 0).put((byte) 2).array());
    byte[] codes = lzw((long) width * height);
    for (int at = 0; at < codes.length; at += 255) {
      int size = Math.min(255, codes.length - at);
      gif.write(size);
      gif.write(codes, at, size);
    }
    gif.write(0);
    gif.write(';');
    return gif.toByteArray();
  }

  /** Runs of 1, 2, 3, … pixels, as the table of strings grows. */
  private static byte[] lzw(long pixels) {
    HostileWebp.Bits bits = new HostileWebp.Bits();
    long left = pixels;
    int size = 3;
    while (left > 0) {
      bits.put(4, size);
      size = 3;
      int next = 5;
      for (int run = 1; run <= left && next < 4095; run++) {
        bits.put(run == 1 ? 0 : next, size);
        left -= run;
        next++;
        size += next == (1 << size) ? 1 : 0;
      }
    }
    bits.put(5, size);
    return bits.bytes(0);
  }

  /** A JPEG all of whose codes are a 0. */
  public static byte[] jpeg(int width, int height, int components, boolean progressive) {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    jpeg.writeBytes(new byte[] {-1, (byte) 0xd8});
    if (components == 4) {
      segment(jpeg, 0xee, "Adobe\0d\0\0\0\0\0".getBytes(US_ASCII));
    }
    byte[] ones = new byte[65];
    Arrays.fill(ones, 1, ones.length, (byte) 1);
    segment(jpeg, 0xdb, ones);
    ByteBuffer frame = ByteBuffer.allocate(6 + 3 * components).put((byte) 8);
    frame.putShort((short) height).putShort((short) width).put((byte) components);
    for (int i = 1; i <= components; i++) {
      frame.put((byte) i).put((byte) 0x11).put((byte) 0);
    }
    segment(jpeg, progressive ? 0xc2 : 0xc0, frame.array());
    for (int kind : new int[] {0x00, 0x10}) {
      byte[] table = new byte[18];
      table[0] = (byte) kind;
      table[1] = 1;
      segment(jpeg, 0xc4, table);
    }
    long blocks = (long) ((width + 7) / 8) * ((height + 7) / 8);
    if (progressive) {
      scan(jpeg, 1, components, 0, 0, blocks * components);
      for (int i = 1; i <= components; i++) {
        scan(jpeg, i, 1, 1, 63, blocks);
      }
    } else {
      scan(jpeg, 1, components, 0, 63, 2 * blocks * components);
    }
    jpeg.writeBytes(new byte[] {-1, (byte) 0xd9});
    return jpeg.toByteArray();
  }

  private static void scan(
      ByteArrayOutputStream jpeg, int first, int components, int from, int to, long bits) {
    ByteBuffer header = ByteBuffer.allocate(4 + 2 * components).put((byte) components);
    for (int i = 0; i < components; i++) {
      header.put((byte) (first + i)).put((byte) 0);
    }
    segment(jpeg, 0xda, header.put((byte) from).put((byte) to).put((byte) 0).array());
    jpeg.writeBytes(new byte[(int) ((bits + 7) / 8)]);
  }

  private static void segment(ByteArrayOutputStream jpeg, int kind, byte[] data) {
    jpeg.write(0xff);
    jpeg.write(kind);
    jpeg.write((data.length + 2) >> 8);
    jpeg.write(data.length + 2);
    jpeg.writeBytes(data);
  }

  private static byte[] jpegOfKind(byte[] jpeg, int kind) {
    jpeg[Drawn.indexOf(jpeg, 0xff, 0xc0) + 1] = (byte) kind;
    return jpeg;
  }
}

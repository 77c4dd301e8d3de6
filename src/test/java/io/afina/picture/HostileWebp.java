package io.afina.picture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** WebP files of one colour that are small, and enormous in memory. */
final class HostileWebp {

  private HostileWebp() {}

  /** A WebP without loss whose pixels take no bits at all. */
  public static byte[] lossless(int width, int height) {
    Bits bits = start(width, height);
    bits.put(0, 3);
    flatCodes(bits, 1);
    return webp("VP8L", bits.bytes(64));
  }

  /** A WebP of 16 x 16 pixels with 65,536 groups of tables of codes. */
  public static byte[] ofCodeTables() {
    Bits bits = start(16, 16);
    bits.put(0, 2);
    bits.put(1, 1);
    bits.put(0, 3);
    bits.put(0, 1);
    bits.put(0b11111111_101, 11);
    bits.put(0b11111111_101, 11);
    for (int i = 0; i < 3; i++) {
      bits.put(1, 4);
    }
    flatCodes(bits, 65_536);
    return webp("VP8L", bits.bytes(64));
  }

  private static Bits start(int width, int height) {
    Bits bits = new Bits();
    bits.put(0x2f, 8);
    bits.put(width - 1, 14);
    bits.put(height - 1, 14);
    bits.put(0, 4);
    return bits;
  }

  /** Groups of five codes of a single symbol. */
  private static void flatCodes(Bits bits, int groups) {
    for (int i = 0; i < 5 * groups; i++) {
      bits.put(1, 4);
    }
  }

  /** A WebP with loss: of zeros, its decoder reads that nothing changes from block to block. */
  public static byte[] lossy(int width, int height) {
    int blocks = (width / 16 + 1) * (height / 16 + 1);
    int modes = Math.min(500_000, 1000 + blocks);
    ByteBuffer frame =
        ByteBuffer.allocate(10 + modes + 1000 + 8 * blocks).order(ByteOrder.LITTLE_ENDIAN);
    int tag = 1 << 4 | modes << 5;
    frame.put((byte) tag).put((byte) (tag >> 8)).put((byte) (tag >> 16));
    frame.put(new byte[] {(byte) 0x9d, 1, 0x2a}).putShort((short) width).putShort((short) height);
    return webp("VP8 ", frame.array());
  }

  private static byte[] webp(String type, byte[] data) {
    int padded = data.length + (data.length & 1);
    ByteBuffer webp = ByteBuffer.allocate(20 + padded).order(ByteOrder.LITTLE_ENDIAN);
    webp.put("RIFF".getBytes(US_ASCII)).putInt(12 + padded).put("WEBP".getBytes(US_ASCII));
    return webp.put(type.getBytes(US_ASCII)).putInt(data.length).put(data).array();
  }

  /** Bits, the lowest first. */
  static final class Bits {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long pending;
    private int count;

    void put(int value, int size) {
      pending |= (long) value << count;
      for (count += size; count >= 8; count -= 8) {
        bytes.write((int) pending);
        pending >>>= 8;
      }
    }

    byte[] bytes(int zeros) {
      put(0, 7);
      bytes.writeBytes(new byte[zeros]);
      return bytes.toByteArray();
    }
  }
}

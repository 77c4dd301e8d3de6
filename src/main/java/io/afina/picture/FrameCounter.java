package io.afina.picture;

import java.nio.charset.StandardCharsets;

/**
 * Counts the frames of an animation from its structure, without decoding any: GIF (<a
 * href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF89a</a>, 20 and 23), animated PNG (<a
 * href="https://www.w3.org/TR/png-3/#acTL-chunk">PNG, 11.3.6</a>) and WebP (<a
 * href="https://www.rfc-editor.org/rfc/rfc9649#section-2.7.1.1">RFC 9649, 2.7.1.1</a>). Only the
 * first is classified, but a file of a million of them is nobody's picture.
 */
final class FrameCounter {

  private static final int PNG_SIGNATURE = 8;
  private static final int PNG_CHUNK = 12;
  private static final int WEBP_FIRST = 12;
  private static final int WEBP_CHUNK = 8;
  private static final int GIF_HEADER = 13;
  private static final int GIF_IMAGE = 10;
  private static final int GIF_FLAGS = 10;

  private final byte[] bytes;

  private FrameCounter(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Counts the frames as far as the file can be read; 1 for a format without animation. */
  static long count(PictureFormat format, byte[] bytes) {
    FrameCounter frames = new FrameCounter(bytes);
    return switch (format) {
      case GIF -> frames.gif();
      case PNG -> frames.png();
      case WEBP -> Math.max(1, frames.webp());
      case JPEG, BMP, TIFF, JPEG2000 -> 1;
    };
  }

  private long gif() {
    long count = 0;
    int at = GIF_HEADER + colours(GIF_FLAGS);
    while (true) {
      switch (at(at)) {
        case ',' -> {
          count++;
          at = afterBlocks(at + GIF_IMAGE + colours(at + GIF_IMAGE - 1) + 1);
        }
        case '!' -> at = afterBlocks(at + 2);
        default -> {
          return Math.max(1, count);
        }
      }
    }
  }

  /** Bytes of the colour table that flags speak of. */
  private int colours(int flags) {
    int value = Math.max(0, at(flags));
    return (value & 0x80) == 0 ? 0 : 3 << ((value & 7) + 1);
  }

  private int afterBlocks(int start) {
    int at = start;
    int size = at(at);
    while (size > 0) {
      at += 1 + size;
      size = at(at);
    }
    return at + 1;
  }

  private long png() {
    long at = PNG_SIGNATURE;
    while (at + PNG_CHUNK <= bytes.length) {
      int start = (int) at;
      if (isA(start + 4, "acTL")) {
        return bigEndian(start + 8);
      }
      at += PNG_CHUNK + bigEndian(start);
    }
    return 1;
  }

  private long webp() {
    long count = 0;
    long at = WEBP_FIRST;
    while (at + WEBP_CHUNK <= bytes.length) {
      int start = (int) at;
      count += isA(start, "ANMF") ? 1 : 0;
      long size = Integer.toUnsignedLong(Integer.reverseBytes((int) bigEndian(start + 4)));
      at += WEBP_CHUNK + size + (size & 1);
    }
    return count;
  }

  private long bigEndian(int at) {
    long value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value = value << 8 | Math.max(0, at(at + i));
    }
    return value;
  }

  private boolean isA(int at, String type) {
    return at + type.length() <= bytes.length
        && type.equals(new String(bytes, at, type.length(), StandardCharsets.US_ASCII));
  }

  /** The byte, 0 to 255; -1 behind the end. */
  private int at(int at) {
    return at >= 0 && at < bytes.length ? bytes[at] & 0xff : -1;
  }
}

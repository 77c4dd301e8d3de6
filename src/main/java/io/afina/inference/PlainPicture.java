package io.afina.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A picture's file without what a classifier has no use for, and an attacker may: texts,
 * thumbnails, metadata, colour profiles. Profiles go because the networks were trained without them
 * (PIL and torchvision ignore them), so applying one moves the embedding away from what the network
 * learned.
 */
final class PlainPicture {

  private static final int BMP_HEADER_SIZE = 14;
  private static final int BMP_COLOUR_SPACE = 70;
  private static final int BMP_V4 = 108;
  private static final int SRGB = 0x73524742;

  private static final int WEBP_CHUNK = 12;
  private static final int VP8X = 0x56503858;
  private static final int WEBP_FLAGS = 20;
  private static final int WEBP_HAS_PROFILE = 0x20;

  private PlainPicture() {}

  /** The same picture; the bytes themselves when there is nothing to leave out. */
  static byte[] of(PictureFormat format, byte[] bytes) throws UnusablePictureException {
    return switch (format) {
      case JPEG -> JpegSegments.plain(bytes);
      case PNG -> PngChunks.plain(bytes);
      case BMP -> bmp(bytes);
      case WEBP -> webp(bytes);
      case GIF -> bytes;
    };
  }

  /** The later headers may name a file as their profile, which the decoder would open. */
  private static byte[] bmp(byte[] bytes) {
    ByteBuffer header = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length >= BMP_COLOUR_SPACE + 4 && header.getInt(BMP_HEADER_SIZE) >= BMP_V4) {
      header.putInt(BMP_COLOUR_SPACE, SRGB);
    }
    return header.array();
  }

  private static byte[] webp(byte[] bytes) {
    byte[] plain = bytes;
    if (bytes.length > WEBP_FLAGS && ByteBuffer.wrap(bytes).getInt(WEBP_CHUNK) == VP8X) {
      plain = bytes.clone();
      plain[WEBP_FLAGS] &= (byte) ~WEBP_HAS_PROFILE;
    }
    return plain;
  }
}

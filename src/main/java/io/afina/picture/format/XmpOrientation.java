package io.afina.picture.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the orientation of an XMP packet, {@code tiff:Orientation}, as Pillow does: found as text,
 * so that no XML of a stranger's is parsed. It counts where EXIF has none.
 */
public final class XmpOrientation {

  private static final Pattern ORIENTATION = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  private static final byte[] JPEG_XMP = "http://ns.adobe.com/xap/1.0/\0".getBytes(US_ASCII);
  private static final int LARGEST_TEXT = 1 << 20;
  private static final int SCAN = 0xda;
  private static final int APP_1 = 0xe1;
  private static final int WEBP_FIRST = 12;
  private static final int WEBP_HEADER = 8;

  private XmpOrientation() {}

  /** Of a PNG; empty where it says nothing. */
  public static OptionalInt ofPng(byte[] png) {
    return of(PngChunks.xmp(png));
  }

  /** Of a JPEG, whose first packet is asked. */
  public static OptionalInt ofJpeg(byte[] jpeg) {
    int at = 2;
    while (at + 4 <= jpeg.length && (jpeg[at] & 0xff) == 0xff && (jpeg[at + 1] & 0xff) != SCAN) {
      int from = at + 4;
      int end = at + 2 + (((jpeg[at + 2] & 0xff) << 8) | (jpeg[at + 3] & 0xff));
      if ((jpeg[at + 1] & 0xff) == APP_1 && startsWith(jpeg, from, JPEG_XMP)) {
        return of(Optional.of(text(jpeg, from, end)));
      }
      at = end;
    }
    return OptionalInt.empty();
  }

  /** Of a WebP (RFC 9649, 2.7.1.5). */
  public static OptionalInt ofWebp(byte[] webp) {
    ByteBuffer file = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
    long at = WEBP_FIRST;
    while (at + WEBP_HEADER <= webp.length) {
      int start = (int) at;
      long size = file.getInt(start + 4) & 0xffff_ffffL;
      at += WEBP_HEADER + size + (size & 1);
      if (startsWith(webp, start, "XMP ".getBytes(US_ASCII))) {
        return of(Optional.of(text(webp, start + WEBP_HEADER, at)));
      }
    }
    return OptionalInt.empty();
  }

  /** Of a packet, wherever it was. */
  static OptionalInt of(Optional<String> packet) {
    Optional<Matcher> found = packet.map(ORIENTATION::matcher).filter(Matcher::find);
    return found.isPresent()
        ? OptionalInt.of(Integer.parseInt(found.get().group(1)))
        : OptionalInt.empty();
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] start) {
    int end = Math.min(at + start.length, bytes.length);
    return Arrays.equals(bytes, at, Math.max(at, end), start, 0, start.length);
  }

  private static String text(byte[] bytes, int from, long end) {
    long length = Math.max(0, Math.min(end, bytes.length) - from);
    return new String(bytes, from, (int) Math.min(LARGEST_TEXT, length), ISO_8859_1);
  }
}

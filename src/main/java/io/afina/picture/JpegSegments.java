package io.afina.picture;

import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds the segments of a JPEG file (<a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">T.81,
 * B</a>) that make its pixels: comments and application segments are left out, except the two that
 * tell the colours (JFIF and Adobe).
 */
final class JpegSegments {

  /** Photographs have up to a dozen; each may cost a pass over the whole picture. */
  static final int MOST_SCANS = 100;

  private static final int SCAN = 0xda;
  private static final int COMPONENTS_OF_SCAN = 4;
  private static final int END = 0xd9;
  private static final int RESTART_0 = 0xd0;
  private static final int RESTART_7 = 0xd7;
  private static final int BASELINE = 0xc0;
  private static final int PROGRESSIVE = 0xc2;
  private static final int LAST_FRAME = 0xcf;
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int ARITHMETIC_TABLES = 0xcc;
  private static final int APP_0 = 0xe0;
  private static final int APP_1 = 0xe1;
  private static final int APP_14 = 0xee;
  private static final int APP_15 = 0xef;
  private static final int COMMENT = 0xfe;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private final byte[] jpeg;
  private int[] kept = new int[16];
  private int keptLength;
  private int scans;
  private int componentsOfScan = JpegFrame.UNKNOWN.components();
  private JpegFrame frame = JpegFrame.UNKNOWN;
  private boolean usual = true;
  private boolean metadata;

  private JpegSegments(byte[] jpeg) {
    this.jpeg = jpeg;
  }

  /**
   * Finds them.
   *
   * @throws UnusableRecordException when the file has more scans than a picture needs
   */
  static JpegSegments of(byte[] jpeg) throws UnusableRecordException {
    JpegSegments segments = new JpegSegments(jpeg);
    segments.keep(0, 2);
    int at = 2;
    while (segments.isMarker(at) && segments.kind(at) != END) {
      int end = segments.end(at);
      segments.take(segments.kind(at), at, end);
      at = end;
    }
    segments.keep(at, jpeg.length);
    return segments;
  }

  /**
   * Whether every frame is of the two kinds that cameras and programs write, baseline and
   * progressive.
   */
  boolean isUsual() {
    return usual;
  }

  /** What the first frame header says. */
  JpegFrame frame() {
    return frame;
  }

  /** Bytes that libjpeg keeps of it besides the pixels; none if it has them all in one scan. */
  long coefficients(int width, int height) {
    return scans == 1 && componentsOfScan >= frame.components()
        ? 0
        : frame.coefficients(width, height);
  }

  /** Whether there is a segment that EXIF may be in. */
  boolean hasMetadata() {
    return metadata;
  }

  /** Their length in bytes. */
  int length() {
    int length = 0;
    for (int i = 0; i < keptLength; i += 2) {
      length += kept[i + 1] - kept[i];
    }
    return length;
  }

  /** Copies them to a buffer that has room for {@link #length()} more. */
  void copyTo(ByteBuffer buffer) {
    for (int i = 0; i < keptLength; i += 2) {
      buffer.put(jpeg, kept[i], kept[i + 1] - kept[i]);
    }
  }

  /** A file of these segments alone. */
  byte[] plain() {
    ByteBuffer plain = ByteBuffer.allocate(length());
    copyTo(plain);
    return plain.array();
  }

  private void take(int kind, int from, int to) throws UnusableRecordException {
    if (kind == SCAN && ++scans > MOST_SCANS) {
      throw new UnusableRecordException(
          Stage.DECODE,
          DeadLetter.Reason.BROKEN_PICTURE,
          "the JPEG has more than %d scans, which no picture needs".formatted(MOST_SCANS));
    }
    if (isFrame(kind)) {
      usual &= kind == BASELINE || kind == PROGRESSIVE;
      frame = frame.equals(JpegFrame.UNKNOWN) ? JpegFrame.at(jpeg, from) : frame;
    }
    if (kind == SCAN && from + COMPONENTS_OF_SCAN < jpeg.length) {
      componentsOfScan = Math.min(componentsOfScan, jpeg[from + COMPONENTS_OF_SCAN] & 0xff);
    }
    metadata |= kind == APP_1;
    if (!isIdle(kind)) {
      keep(from, to);
    }
  }

  private void keep(int from, int to) {
    if (keptLength > 0 && kept[keptLength - 1] == from) {
      kept[keptLength - 1] = to;
      return;
    }
    if (keptLength == kept.length) {
      kept = Arrays.copyOf(kept, 2 * kept.length);
    }
    kept[keptLength++] = from;
    kept[keptLength++] = to;
  }

  private boolean isMarker(int at) {
    return at + 3 < jpeg.length && jpeg[at] == (byte) 0xff;
  }

  private int kind(int at) {
    return jpeg[at + 1] & 0xff;
  }

  private static boolean isFrame(int kind) {
    return kind >= BASELINE
        && kind <= LAST_FRAME
        && kind != HUFFMAN_TABLES
        && kind != ARITHMETIC_TABLES;
  }

  private static boolean isIdle(int kind) {
    return kind == COMMENT || (kind > APP_0 && kind <= APP_15 && kind != APP_14);
  }

  private int end(int at) {
    int kind = kind(at);
    if (kind == 0xff) {
      return at + 1;
    }
    if (kind <= 1 || isRestart(kind)) {
      return at + 2;
    }
    int end = at + 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
    return kind == SCAN ? endOfScan(end) : Math.min(end, jpeg.length);
  }

  /** Inside a scan, 0xff is followed by 0 or is a restart marker. */
  private int endOfScan(int from) {
    int at = nextFf(from);
    while (at + 1 < jpeg.length && (kind(at) == 0 || isRestart(kind(at)))) {
      at = nextFf(at + 1);
    }
    return at + 1 < jpeg.length ? at : jpeg.length;
  }

  /** Eight bytes at a time: a byte of a word is 0xff where that of its complement is 0. */
  private int nextFf(int from) {
    int at = from;
    while (at + Long.BYTES <= jpeg.length) {
      long zeroes = ~(long) LONGS.get(jpeg, at);
      long found = (zeroes - LOW_BITS) & ~zeroes & HIGH_BITS;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
      at += Long.BYTES;
    }
    while (at < jpeg.length && jpeg[at] != (byte) 0xff) {
      at++;
    }
    return at;
  }

  private static boolean isRestart(int kind) {
    return kind >= RESTART_0 && kind <= RESTART_7;
  }
}

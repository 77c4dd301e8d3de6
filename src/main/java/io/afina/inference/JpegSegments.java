package io.afina.inference;

import io.afina.event.DeadLetter;
import java.io.ByteArrayOutputStream;

/**
 * The segments of a JPEG file (<a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">T.81, B</a>).
 */
final class JpegSegments {

  /** Photographs have up to a dozen; each may cost a pass over the whole picture. */
  static final int MOST_SCANS = 100;

  private static final int SCAN = 0xda;
  private static final int END = 0xd9;
  private static final int RESTART_0 = 0xd0;
  private static final int RESTART_7 = 0xd7;
  private static final int APP_0 = 0xe0;
  private static final int APP_14 = 0xee;
  private static final int APP_15 = 0xef;
  private static final int COMMENT = 0xfe;

  private JpegSegments() {}

  /**
   * Leaves out comments and application segments, except the two that tell the colours (JFIF and
   * Adobe).
   *
   * @throws UnusablePictureException when it has more scans than a picture needs
   */
  static byte[] plain(byte[] jpeg) throws UnusablePictureException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(jpeg.length);
    plain.write(jpeg, 0, 2);
    int at = 2;
    int scans = 0;
    while (isMarker(jpeg, at) && kind(jpeg, at) != END) {
      int end = end(jpeg, at);
      if (kind(jpeg, at) == SCAN) {
        requireFew(++scans);
      }
      if (!isIdle(kind(jpeg, at))) {
        plain.write(jpeg, at, end - at);
      }
      at = end;
    }
    plain.write(jpeg, at, jpeg.length - at);
    return plain.toByteArray();
  }

  private static void requireFew(int scans) throws UnusablePictureException {
    if (scans > MOST_SCANS) {
      throw new UnusablePictureException(
          DeadLetter.Reason.BROKEN_PICTURE,
          "the JPEG has more than %d scans, which no picture needs".formatted(MOST_SCANS));
    }
  }

  private static boolean isMarker(byte[] jpeg, int at) {
    return at + 3 < jpeg.length && jpeg[at] == (byte) 0xff;
  }

  private static int kind(byte[] jpeg, int at) {
    return jpeg[at + 1] & 0xff;
  }

  private static boolean isIdle(int kind) {
    return kind == COMMENT || (kind > APP_0 && kind <= APP_15 && kind != APP_14);
  }

  private static int end(byte[] jpeg, int at) {
    int kind = kind(jpeg, at);
    if (kind == 0xff) {
      return at + 1;
    }
    if (kind <= 1 || isRestart(kind)) {
      return at + 2;
    }
    int end = at + 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
    return kind == SCAN ? endOfScan(jpeg, end) : Math.min(end, jpeg.length);
  }

  /** Inside a scan, 0xff is followed by 0 or is a restart marker. */
  private static int endOfScan(byte[] jpeg, int from) {
    int at = from;
    while (at + 1 < jpeg.length
        && !(jpeg[at] == (byte) 0xff && kind(jpeg, at) != 0 && !isRestart(kind(jpeg, at)))) {
      at++;
    }
    return at + 1 < jpeg.length ? at : jpeg.length;
  }

  private static boolean isRestart(int kind) {
    return kind >= RESTART_0 && kind <= RESTART_7;
  }
}

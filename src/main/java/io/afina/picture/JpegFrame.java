package io.afina.picture;

/**
 * What the frame header of a JPEG says (<a
 * href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">T.81, B.2.2</a>).
 *
 * @param components of a pixel, 1 to 4
 * @param lossless whether it is predicted instead of transformed, which needs all of it in memory
 * @param samples for every hundred pixels, of all components, as far as they are kept at all
 * @param width pixels; 0 where the header was not found
 * @param height pixels
 */
record JpegFrame(int components, boolean lossless, int samples, int width, int height) {

  /** Of a file whose header was not found: the most that it may be. */
  static final JpegFrame UNKNOWN = new JpegFrame(4, false, 400, 0, 0);

  private static final int LOSSLESS = 0xc3;
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;
  private static final int HEADER = 9;
  private static final int PARTS = 3;
  private static final int COEFFICIENT = Short.BYTES;
  private static final int BLOCK = 8;

  /** Blocks are kept in whole groups: four blocks a row at most, and one more. */
  private static final int MOST_BLOCKS_OF_GROUP = 4;

  /** Reads the header whose marker is at {@code at}. */
  static JpegFrame at(byte[] jpeg, int at) {
    int count = at + HEADER < jpeg.length ? jpeg[at + HEADER] & 0xff : 0;
    int end = at + HEADER + 1 + PARTS * count;
    if (count < 1 || count > UNKNOWN.components || end > jpeg.length) {
      return UNKNOWN;
    }
    int across = 1;
    int down = 1;
    for (int i = at + HEADER + 2; i < end; i += PARTS) {
      across = Math.max(across, (jpeg[i] & 0xff) >> 4);
      down = Math.max(down, jpeg[i] & 0xf);
    }
    int samples = 0;
    for (int i = at + HEADER + 2; i < end; i += PARTS) {
      samples += 100 * ((jpeg[i] & 0xff) >> 4) * (jpeg[i] & 0xf) / (across * down) + 1;
    }
    return new JpegFrame(
        count,
        (jpeg[at + 1] & 0xff) == LOSSLESS,
        samples,
        number(jpeg, at + WIDTH),
        number(jpeg, at + HEIGHT));
  }

  private static int number(byte[] jpeg, int at) {
    return ((jpeg[at] & 0xff) << 8) | (jpeg[at + 1] & 0xff);
  }

  /**
   * Bytes that libjpeg keeps of a picture with several scans: the coefficients of all of it.
   *
   * @param width pixels
   * @param height pixels
   */
  long coefficients(int width, int height) {
    return COEFFICIENT * padded(width) * padded(height) * samples / 100;
  }

  private static long padded(int pixels) {
    return pixels + (long) BLOCK * MOST_BLOCKS_OF_GROUP;
  }
}

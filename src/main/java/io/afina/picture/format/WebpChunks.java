package io.afina.picture.format;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Checks and filters the chunks of a WebP file (<a
 * href="https://www.rfc-editor.org/rfc/rfc9649">RFC 9649</a>).
 *
 * @param webp little endian
 */
public record WebpChunks(ByteBuffer webp) {

  private static final int FIRST = 12;
  private static final int HEADER = 8;

  private static final int FLAGS = FIRST + HEADER;
  private static final int HAS_PROFILE = 0x20;
  private static final int CANVAS = HEADER + 4;
  private static final int FRAME_HEADER = 16;
  private static final int LOSSY_SIZE = HEADER + 6;
  private static final int LONGEST_SIDE = 0x3fff;

  /**
   * What its pixels are made of.
   *
   * @param lossyWidth of the widest frame of VP8 among it, 0 if there is none
   * @param lossyHeight of the highest
   * @param losslessBytes of the chunks that are coded without loss: VP8L, or transparency
   * @param losslessEnd where the last of these ends
   */
  public record Layout(int lossyWidth, int lossyHeight, long losslessBytes, long losslessEnd) {}

  /** Looks at the chunks of the file, with those of animated frames. */
  public static Layout layout(byte[] webp) {
    WebpChunks chunks = new WebpChunks(ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN));
    int width = 0;
    int height = 0;
    long lossless = 0;
    long end = 0;
    int at = FIRST;
    while (at + HEADER <= webp.length) {
      if (chunks.isA(at, "VP8 ") && at + LOSSY_SIZE + Integer.BYTES <= webp.length) {
        width = Math.max(width, chunks.side(at + LOSSY_SIZE));
        height = Math.max(height, chunks.side(at + LOSSY_SIZE + Short.BYTES));
      }
      if (chunks.isA(at, "VP8L") || chunks.isA(at, "ALPH")) {
        end = chunks.next(at);
        lossless += end - at;
      }
      at = chunks.isA(at, "ANMF") ? at + HEADER + FRAME_HEADER : chunks.next(at);
    }
    return new Layout(width, height, lossless, end);
  }

  private int side(int at) {
    return webp.getShort(at) & LONGEST_SIDE;
  }

  /**
   * Leaves out the colour profile.
   *
   * @throws UnusableRecordException when the file is shorter than it says, or a frame is larger
   *     than the canvas that it is on
   */
  public static byte[] plain(byte[] webp) throws UnusableRecordException {
    byte[] plain = webp.clone();
    WebpChunks chunks = new WebpChunks(ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN));
    chunks.requireWhole();
    if (chunks.isA(FIRST, "VP8X")) {
      chunks.requireFramesOnCanvas();
      plain[FLAGS] &= (byte) ~HAS_PROFILE;
    }
    return plain;
  }

  /** The decoder fills up what is missing of a lossless picture, and says nothing. */
  private void requireWhole() throws UnusableRecordException {
    if (webp.limit() < FIRST || (webp.getInt(4) & 0xffff_ffffL) > webp.limit() - HEADER) {
      throw new UnusableRecordException(Stage.DECODE, BROKEN_PICTURE, "the WebP is cut short");
    }
  }

  private void requireFramesOnCanvas() throws UnusableRecordException {
    int at = FIRST;
    while (at + LOSSY_SIZE + Integer.BYTES <= webp.limit()) {
      requireOnCanvas(at);
      at = isA(at, "ANMF") ? at + HEADER + FRAME_HEADER : next(at);
    }
  }

  private int next(int at) {
    int size = webp.getInt(at + 4);
    long end = (long) at + HEADER + size + (size & 1);
    return size < 0 ? webp.limit() : (int) Math.min(end, webp.limit());
  }

  private void requireOnCanvas(int at) throws UnusableRecordException {
    if (isA(at, "VP8 ")
        && (side(at + LOSSY_SIZE) > canvas(0) || side(at + LOSSY_SIZE + Short.BYTES) > canvas(3))) {
      throw new UnusableRecordException(
          Stage.DECODE, BROKEN_PICTURE, "the WebP has a frame that is larger than the picture");
    }
  }

  private int canvas(int dimension) {
    return (webp.getInt(FIRST + CANVAS + dimension) & 0xffffff) + 1;
  }

  private boolean isA(int at, String type) {
    for (int i = 0; i < type.length(); i++) {
      if (at + HEADER > webp.limit() || webp.get(at + i) != type.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}

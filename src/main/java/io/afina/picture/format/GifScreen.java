package io.afina.picture.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the first frame of a GIF lies on its screen (<a
 * href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF89a</a>, 18 and 20): ImageIO reads the
 * frame alone. As in Pillow, a screen that is too small for it is as large as needed.
 *
 * @param width pixels of the screen
 * @param height pixels of the screen
 * @param left the frame's first column on the screen
 * @param top the frame's first row on the screen
 * @param frameWidth pixels of the frame
 * @param frameHeight pixels of the frame
 */
public record GifScreen(int width, int height, int left, int top, int frameWidth, int frameHeight) {

  /** Of a file without a frame, and of other formats. */
  public static final GifScreen NONE = new GifScreen(0, 0, 0, 0, 0, 0);

  private static final int SCREEN = 6;
  private static final int FLAGS = 10;
  private static final int HEADER = 13;
  private static final int FRAME = 10;

  /** Reads it; {@link #NONE} of a file without a frame. */
  public static GifScreen of(byte[] gif) {
    int at = HEADER + colours(gif, FLAGS);
    while (at(gif, at) == '!') {
      at = afterBlocks(gif, at + 2);
    }
    if (at(gif, at) != ',' || at + FRAME > gif.length) {
      return NONE;
    }
    ByteBuffer file = ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN);
    int left = file.getShort(at + 1) & 0xffff;
    int top = file.getShort(at + 3) & 0xffff;
    int width = file.getShort(at + 5) & 0xffff;
    int height = file.getShort(at + 7) & 0xffff;
    return new GifScreen(
        Math.max(file.getShort(SCREEN) & 0xffff, left + width),
        Math.max(file.getShort(SCREEN + 2) & 0xffff, top + height),
        left,
        top,
        width,
        height);
  }

  /** Whether there is something of it beside the frame. */
  public boolean isLargerThanFrame() {
    return width > frameWidth || height > frameHeight;
  }

  /** Bytes of the colour table that flags speak of. */
  private static int colours(byte[] gif, int flags) {
    int value = Math.max(0, at(gif, flags));
    return (value & 0x80) == 0 ? 0 : 3 << ((value & 7) + 1);
  }

  private static int afterBlocks(byte[] gif, int start) {
    int at = start;
    for (int size = at(gif, at); size > 0; size = at(gif, at)) {
      at += 1 + size;
    }
    return at + 1;
  }

  /** The byte, 0 to 255; -1 behind the end. */
  private static int at(byte[] gif, int at) {
    return at < gif.length ? gif[at] & 0xff : -1;
  }
}

package io.afina.picture;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Reads a file in memory, and fails when a decoder reads on behind its end: ImageIO's WebP decoder
 * reads zeros behind it, and a hundred bytes can make it do so for minutes. A decoder may look a
 * little ahead; who goes on reading behind the end is stopped.
 */
final class EndingImageInputStream extends ImageInputStreamImpl {

  /** A whole picture is read with a few dozen such attempts, by a bit reader that looks ahead. */
  private static final int MOST_BEHIND_THE_END = 10_000;

  private final byte[] file;
  private int behindTheEnd;

  EndingImageInputStream(byte[] file) {
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    bitOffset = 0;
    return isAtEnd() ? -1 : file[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (isAtEnd()) {
      return -1;
    }
    int count = (int) Math.min(length, file.length - streamPos);
    System.arraycopy(file, (int) streamPos, into, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return file.length;
  }

  private boolean isAtEnd() throws IOException {
    if (streamPos < file.length) {
      return false;
    }
    if (++behindTheEnd > MOST_BEHIND_THE_END) {
      throw new IOException("it is read on and on behind its end");
    }
    return true;
  }
}

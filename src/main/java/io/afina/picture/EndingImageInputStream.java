package io.afina.picture;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Reads a file in memory, and fails when a decoder reads on behind its end: ImageIO's WebP decoder
 * reads zeros behind it, and a hundred bytes can make it do so for minutes. A decoder may look a
 * little ahead; who goes on reading behind the end is stopped. So is who takes more memory than was
 * counted: each of the 65,536 code tables that a WebP of a hundred kilobytes may have is a thousand
 * times as long in memory.
 */
final class EndingImageInputStream extends ImageInputStreamImpl {

  /** A whole picture is read with a few dozen such attempts, by a bit reader that looks ahead. */
  private static final int MOST_BEHIND_THE_END = 10_000;

  /** Looks at the memory are a little slower than reads. */
  private static final int READS_A_LOOK = 256;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final byte[] file;
  private int behindTheEnd;
  private long allowedUntil;
  private long mostAllocated;
  private int reads;

  EndingImageInputStream(byte[] file) {
    this.file = file;
  }

  /**
   * Lets the thread allocate no more than so many bytes from now on.
   *
   * @param until the position from which on it may take as many as it likes
   */
  void allow(long bytes, long until) {
    mostAllocated = THREADS.getCurrentThreadAllocatedBytes() + bytes;
    allowedUntil = until;
  }

  @Override
  public int read() throws IOException {
    bitOffset = 0;
    requireAllowed();
    return isAtEnd() ? -1 : file[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    requireAllowed();
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

  private void requireAllowed() throws IOException {
    if (streamPos < allowedUntil
        && ++reads % READS_A_LOOK == 0
        && THREADS.getCurrentThreadAllocatedBytes() > mostAllocated) {
      throw new IOException("it takes more memory than a picture of its size needs");
    }
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

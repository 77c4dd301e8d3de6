package io.afina.source;

import io.afina.event.DeadLetter.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads what a source sends, within bounds that do not rest on what it announces.
 *
 * @param maxBytes of a picture
 */
record BoundedBody(int maxBytes) {

  private static final int CHUNK = 65_536;
  private static final int LARGEST_START = 1 << 20;

  /**
   * Reads to the end.
   *
   * @param announced bytes, or less than 0 where nothing was said
   * @throws FetchException when it has more bytes than are allowed, or does not end in time
   * @throws IOException when it breaks off
   */
  byte[] read(InputStream body, long announced, Deadline deadline)
      throws FetchException, IOException {
    requireFits(announced);
    int start = announced < 0 ? CHUNK : (int) Math.min(announced, LARGEST_START);
    ByteArrayOutputStream picture = new ByteArrayOutputStream(start);
    byte[] chunk = new byte[CHUNK];
    for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
      requireFits((long) picture.size() + read);
      picture.write(chunk, 0, read);
      if (deadline.isPast()) {
        throw FetchException.passing("the source does not end in time", null);
      }
    }
    return picture.toByteArray();
  }

  private void requireFits(long bytes) throws FetchException {
    if (bytes > maxBytes) {
      throw FetchException.lasting(
          Reason.TOO_MANY_BYTES,
          "it has %,d bytes or more, the limit is %,d (pictures.maxBytes)"
              .formatted(bytes, maxBytes));
    }
  }
}

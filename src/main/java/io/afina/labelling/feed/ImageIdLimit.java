package io.afina.labelling.feed;

import io.afina.event.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Checks image ids before anything is sent under them: what is beyond the limit would be set aside
 * by the classifier.
 *
 * @param bytes the longest id, in bytes of UTF-8
 */
public record ImageIdLimit(int bytes) {

  /**
   * Returns an id that may be used.
   *
   * @throws MalformedRecordException when there is none, it is too long, or no text
   */
  public String require(@Nullable String id) {
    String known = id == null ? "" : id;
    int length = known.getBytes(StandardCharsets.UTF_8).length;
    if (known.isBlank()
        || length > bytes
        || !StandardCharsets.UTF_8.newEncoder().canEncode(known)) {
      throw new MalformedRecordException("needs an image id of 1 to %,d bytes".formatted(bytes));
    }
    return known;
  }
}

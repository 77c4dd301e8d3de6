package io.afina.classifier.join;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the image id from a record's key. */
public record ImageIds(int maxBytes) {

  /** The id, or why the key is none. */
  public String read(Stage stage, byte @Nullable [] key) throws UnusableRecordException {
    if (key == null || key.length == 0) {
      throw new UnusableRecordException(
          stage, Reason.NO_KEY, "the record has no key; its key must be the image id");
    }
    if (key.length > maxBytes) {
      throw new UnusableRecordException(
          stage,
          Reason.KEY_TOO_LONG,
          "the key is %d bytes long, the limit is %d".formatted(key.length, maxBytes));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      throw new UnusableRecordException(stage, Reason.BAD_KEY, "the key is not UTF-8");
    }
  }
}

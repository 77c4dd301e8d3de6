package io.afina.cloudevents;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Says by which key an image is known that may be a CloudEvent. */
public final class ImageEvents {

  /** Between source and id; no source has it, for no URI has it. */
  private static final String SEPARATOR = "|";

  private ImageEvents() {}

  /**
   * The record's own key where it has one. Where it has none and is a CloudEvent ({@code
   * ce_specversion}), its source and its id, which together name one event: {@code /shop|A234}.
   *
   * @return null when there is no key and no event
   * @throws UnusableRecordException when there is no key, and source or id is missing or malformed
   */
  public static byte @Nullable [] key(byte @Nullable [] key, Headers headers)
      throws UnusableRecordException {
    boolean isKeyed = key != null && key.length > 0;
    if (isKeyed || headers.lastHeader(Attributes.SPEC_VERSION) == null) {
      return key;
    }
    String source = required(Attributes.SOURCE, headers);
    requireUri(source);
    return (source + SEPARATOR + required(Attributes.ID, headers)).getBytes(StandardCharsets.UTF_8);
  }

  private static String required(String name, Headers headers) throws UnusableRecordException {
    Header header = headers.lastHeader(name);
    if (header == null || header.value() == null || header.value().length == 0) {
      throw unusable(
          Reason.NO_KEY,
          "has no key, and as a CloudEvent no %s: give it a key, which is the image id, or ce_source and ce_id"
              .formatted(name));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header.value())).toString();
    } catch (CharacterCodingException e) {
      throw unusable(Reason.BAD_KEY, "has no key, and its %s is not UTF-8".formatted(name));
    }
  }

  private static void requireUri(String source) throws UnusableRecordException {
    try {
      new URI(source);
    } catch (URISyntaxException e) {
      throw unusable(
          Reason.BAD_KEY,
          "has no key, and its ce_source is no URI-reference: %s".formatted(e.getMessage()));
    }
  }

  private static UnusableRecordException unusable(Reason reason, String why) {
    return new UnusableRecordException(Stage.DECODE, reason, "the record " + why);
  }
}

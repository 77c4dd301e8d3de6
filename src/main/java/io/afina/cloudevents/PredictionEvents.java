package io.afina.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.event.Prediction.Position;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes predictions CloudEvents: their headers hold the context attributes, their value stays as it
 * is. Nothing in them depends on when or by whom the image was classified, so one that is
 * classified twice is the same event twice.
 *
 * @param source of the events, a URI-reference; null for predictions that are no CloudEvents
 */
public record PredictionEvents(@Nullable String source) {

  /** What kind of event a prediction is. */
  public static final String TYPE = "io.afina.prediction";

  /**
   * The headers of a prediction.
   *
   * @param topic of the image event
   * @param image where it is there
   * @param travelling what goes on from the image; of it, the attributes of that event are left out
   */
  public Headers headers(String topic, Position image, String imageId, Headers travelling) {
    if (source == null) {
      return travelling;
    }
    RecordHeaders headers = new RecordHeaders();
    travelling.forEach(
        header -> {
          if (!Attributes.OF_ONE_EVENT.contains(header.key())) {
            headers.add(header);
          }
        });
    put(headers, Attributes.SPEC_VERSION, "1.0");
    put(headers, Attributes.ID, "%s-%d-%d".formatted(topic, image.partition(), image.offset()));
    put(headers, Attributes.SOURCE, source);
    put(headers, Attributes.TYPE, TYPE);
    put(headers, Attributes.TIME, Instant.ofEpochMilli(image.timestamp()).toString());
    put(headers, Attributes.CONTENT_TYPE, "application/json");
    if (imageId.chars().noneMatch(Character::isISOControl)) {
      put(headers, Attributes.SUBJECT, imageId);
    }
    return headers;
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}

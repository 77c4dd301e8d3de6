package io.afina.classifier.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.TrainingExample.ImagePlace;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record on {@code pictures} that has a value.
 *
 * @param jpeg the reduced picture, upright, without metadata
 * @param image where the image is, or was
 */
public record KeptPicture(byte[] jpeg, ImagePlace image) {

  private static final String IMAGE = "image";

  static RecordHeaders headers(ImagePlace image) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("content-type", "image/jpeg".getBytes(UTF_8));
    headers.add(IMAGE, Json.write(image));
    return headers;
  }

  /**
   * Reads one.
   *
   * @throws MalformedRecordException when the record has not what it must
   */
  public static KeptPicture of(ConsumerRecord<String, byte[]> record) {
    Header image = record.headers().lastHeader(IMAGE);
    if (image == null || image.value() == null) {
      throw new MalformedRecordException("has no header " + IMAGE);
    }
    return new KeptPicture(
        record.value(), Json.read(image.value(), ImagePlace.class).requireLimits());
  }
}

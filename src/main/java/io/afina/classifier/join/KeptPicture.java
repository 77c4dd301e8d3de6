package io.afina.classifier.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.event.Embedding;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.TrainingExample.ImagePlace;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record on {@code pictures} that has a value.
 *
 * @param jpeg the reduced picture, upright, without metadata
 * @param image where the image is, or was
 * @param backbones that had embedded the image when its picture was kept, by their hashes
 */
public record KeptPicture(byte[] jpeg, ImagePlace image, Set<String> backbones) {

  private static final String IMAGE = "image";
  private static final String BACKBONES = "backbones";

  static RecordHeaders headers(ImagePlace image, List<Embedding> embeddings) {
    String backbones =
        embeddings.stream().map(Embedding::backbone).collect(Collectors.joining(","));
    RecordHeaders headers = new RecordHeaders();
    headers.add("content-type", "image/jpeg".getBytes(UTF_8));
    headers.add(IMAGE, Json.write(image));
    headers.add(BACKBONES, backbones.getBytes(UTF_8));
    return headers;
  }

  /**
   * Reads one.
   *
   * @throws MalformedRecordException when the record has not what it must
   */
  public static KeptPicture of(ConsumerRecord<String, byte[]> record) {
    return new KeptPicture(
        record.value(),
        Json.read(header(record, IMAGE), ImagePlace.class).requireLimits(),
        Set.of(new String(header(record, BACKBONES), UTF_8).split(",")));
  }

  private static byte[] header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null || header.value() == null) {
      throw new MalformedRecordException("has no header " + name);
    }
    return header.value();
  }
}

package io.afina.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.config.AfinaConfig;
import io.afina.event.Correction;
import io.afina.event.Topic;
import io.afina.kafka.Publisher;
import io.afina.picture.PictureFormat;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes the images of a dataset and corrections with their labels. What is on the topics
 * already is not sent again, so that an import that ended early goes on when it is run again, and
 * one that is done sends nothing; a label that somebody gave here stays.
 */
public final class DatasetImport {

  private final AfinaConfig config;
  private final String labeller;
  private final List<String> skipped = new ArrayList<>();

  /**
   * An import.
   *
   * @param labeller who said so, where a dataset does not say
   */
  public DatasetImport(AfinaConfig config, String labeller) {
    this.config = config;
    this.labeller = labeller;
  }

  /**
   * What was sent.
   *
   * @param pictures image events
   * @param labels corrections
   * @param skipped what was not sent: the file, and why
   */
  public record Result(long pictures, long labels, List<String> skipped) {}

  /**
   * Sends what is missing.
   *
   * @param done told how many images are done
   */
  public Result send(List<LabelledImage> images, LongConsumer done) throws IOException {
    KnownImages known = KnownImages.read(config, images);
    Topic<String, byte[]> events = config.topics().images();
    Topic<String, Correction> corrections = config.topics().corrections();
    try (Publisher<byte[]> pictures = Publisher.open(config, events);
        Publisher<Correction> labels = Publisher.open(config, corrections)) {
      long count = 0;
      for (LabelledImage image : images) {
        boolean isThere = known.isPublished(image.id());
        if (!isThere) {
          Optional<ProducerRecord<String, byte[]>> event = event(events.name(), image);
          event.ifPresent(pictures::send);
          isThere = event.isPresent();
        }
        String label = image.label();
        if (isThere && label != null && !known.isLabelled(image.id())) {
          labels.send(
              new ProducerRecord<>(corrections.name(), image.id(), correction(label, image)));
        }
        done.accept(++count);
      }
      pictures.flush();
      labels.flush();
      return new Result(pictures.arrived(), labels.arrived(), List.copyOf(skipped));
    }
  }

  private Correction correction(String label, LabelledImage image) {
    return new Correction(
        label,
        image.labeller() == null ? labeller : image.labeller(),
        image.at() == null ? Instant.now() : image.at(),
        null);
  }

  private Optional<ProducerRecord<String, byte[]>> event(String topic, LabelledImage image)
      throws IOException {
    if (image.uri() != null) {
      return Optional.of(event(topic, image.id(), "text/uri-list", text(image.uri())));
    }
    if (image.file() == null) {
      skipped.add(image.id() + ": no picture of this id was published here");
      return Optional.empty();
    }
    byte[] bytes = DatasetFolder.bytes(image.file(), config.pictures().maxBytes());
    Optional<PictureFormat> format = PictureFormat.of(bytes);
    if (format.isEmpty() || bytes.length > config.pictures().maxBytes()) {
      skipped.add(
          "%s: %s"
              .formatted(
                  image.file(),
                  format.isEmpty()
                      ? "no picture by its first bytes"
                      : "more than pictures.maxBytes, %,d bytes"
                          .formatted(config.pictures().maxBytes())));
      return Optional.empty();
    }
    return Optional.of(event(topic, image.id(), format.get().mediaType(), bytes));
  }

  private static ProducerRecord<String, byte[]> event(
      String topic, String id, String type, byte[] value) {
    ProducerRecord<String, byte[]> event = new ProducerRecord<>(topic, id, value);
    event.headers().add("content-type", type.getBytes(UTF_8));
    return event;
  }

  private static byte[] text(URI uri) {
    return uri.toASCIIString().getBytes(UTF_8);
  }
}

package io.afina.source;

import io.afina.cloudevents.ImageEvents;
import io.afina.config.AfinaConfig;
import io.afina.event.RecordId;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.UnusableRecordException;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.RecordReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads pictures as they were published, on {@code images} or where an event there referred to, by
 * the places of their images. For one thread.
 */
public final class PublishedPictures implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PictureSources sources;
  private final RecordReader images;

  /**
   * Connects.
   *
   * @param sources fetch pictures that are not on {@code images}; owned from here on
   */
  public PublishedPictures(AfinaConfig config, PictureSources sources) {
    this.sources = sources;
    try {
      images = images(config);
    } catch (RuntimeException e) {
      sources.close();
      throw e;
    }
  }

  private static RecordReader images(AfinaConfig config) {
    return new RecordReader(
        KafkaSettings.reader(config)
            .require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none")
            .require(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1)
            .consumer(),
        config.topics().images().name());
  }

  /**
   * The picture of an image; empty when its event is gone, and where the topic was made anew.
   *
   * @throws UnusableRecordException when it cannot be fetched
   */
  public Optional<byte[]> read(String id, ImagePlace place) throws UnusableRecordException {
    if (place.uri() != null) {
      return Optional.of(sources.fetch(place));
    }
    Optional<ConsumerRecord<byte[], byte[]>> event =
        images.read(new RecordId(place.partition(), place.offset()), PATIENCE);
    return event.isEmpty() || !isOf(event.get(), id)
        ? Optional.empty()
        : Optional.of(sources.read(event.get().value(), event.get().headers()).bytes());
  }

  private static boolean isOf(ConsumerRecord<byte[], byte[]> record, String id)
      throws UnusableRecordException {
    return Arrays.equals(
        ImageEvents.key(record.key(), record.headers()), id.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    images.close();
    sources.close();
  }
}

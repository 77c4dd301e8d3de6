package io.afina.keeper;

import io.afina.classifier.join.Stray;
import io.afina.cloudevents.ImageEvents;
import io.afina.config.AfinaConfig;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordId;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.UnusableRecordException;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.RecordReader;
import io.afina.lifecycle.Closer;
import io.afina.picture.PictureReduction;
import io.afina.source.PictureSources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the picture of a training example that is not kept yet from where it is, and sends a
 * reduced copy to its home. Examples of earlier versions do not say where their pictures are:
 * predictions do, for as long as there are any.
 */
final class PictureKeeper implements Work {

  static final String NAME = "keep";

  private static final Logger LOG = LoggerFactory.getLogger(PictureKeeper.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Looking for places reads all predictions. */
  private static final Duration BETWEEN_SEARCHES = Duration.ofHours(1);

  private final Closer closer = new Closer();
  private final AfinaConfig config;
  private final Deserializer<TrainingExample> examples;
  private final PictureSources sources;
  private final RecordReader images;
  private final PictureReduction reduction;
  private final KeptPictureMeters meters;
  private final Set<String> placeless = new HashSet<>();
  private long searched = System.nanoTime() - BETWEEN_SEARCHES.toNanos();

  /**
   * Opens what pictures are read with.
   *
   * @param sources fetch pictures that are not on {@code images}; owned from here on
   */
  PictureKeeper(AfinaConfig config, PictureSources sources, KeptPictureMeters meters) {
    this.config = config;
    this.sources = closer.own(sources);
    this.meters = meters;
    examples = config.topics().training().values().deserializer();
    reduction = new PictureReduction(config.pictures());
    try {
      images = closer.own(images(config));
    } catch (RuntimeException e) {
      closer.close();
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

  @Override
  public Outcome take(ConsumerRecord<String, byte[]> record, BiConsumer<String, Stray> home) {
    TrainingExample example;
    try {
      example = examples.deserialize(record.topic(), record.value());
    } catch (MalformedRecordException e) {
      return Outcome.MALFORMED;
    }
    // The join removes the picture of what has no label any more.
    if (example == null) {
      placeless.remove(record.key());
      return Outcome.NOTHING;
    }
    ImagePlace place = example.image();
    if (place == null) {
      placeless.add(record.key());
      return Outcome.HELD;
    }
    return place.kept() ? Outcome.NOTHING : keep(record.key(), place, home);
  }

  private Outcome keep(String id, ImagePlace place, BiConsumer<String, Stray> home) {
    try {
      Optional<byte[]> picture = place.uri() == null ? onImages(id, place) : fetched(place);
      if (picture.isEmpty()) {
        return Outcome.GONE;
      }
      byte[] jpeg = reduction.reduce(picture.get());
      home.accept(id, new Stray.Reduced(jpeg, place.kept(false), System.currentTimeMillis()));
      return Outcome.SENT;
    } catch (UnusableRecordException e) {
      LOG.atDebug().addKeyValue("id", id).addKeyValue("why", e.why()).log("picture is not kept");
      return switch (e.reason()) {
        case UNREACHABLE -> Outcome.LATER;
        case EMPTY, NOT_FOUND, HASH_MISMATCH, FORBIDDEN -> Outcome.GONE;
        default -> Outcome.UNUSABLE;
      };
    }
  }

  private Optional<byte[]> fetched(ImagePlace place) throws UnusableRecordException {
    return Optional.of(sources.fetch(place));
  }

  /** Its own picture, or the one that it refers to; not that of a topic that was made anew. */
  private Optional<byte[]> onImages(String id, ImagePlace place) throws UnusableRecordException {
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
  public boolean release(BiConsumer<String, Stray> home) {
    if (System.nanoTime() - searched < BETWEEN_SEARCHES.toNanos()) {
      return false;
    }
    Map<String, ImagePlace> places = PredictedPlaces.find(config, placeless);
    LOG.atInfo()
        .addKeyValue("examples", placeless.size())
        .addKeyValue("found", places.size())
        .log("looked for the pictures of examples that an earlier version made");
    for (String id : placeless) {
      ImagePlace place = places.get(id);
      Outcome outcome = place == null ? Outcome.GONE : keep(id, place, home);
      meters.became(NAME, outcome.text());
    }
    placeless.clear();
    searched = System.nanoTime();
    return true;
  }

  @Override
  public void close() {
    closer.close();
  }
}

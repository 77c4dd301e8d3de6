package io.afina.keeper;

import io.afina.classifier.join.Stray;
import io.afina.config.AfinaConfig;
import io.afina.event.MalformedRecordException;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Closer;
import io.afina.picture.PictureReduction;
import io.afina.source.PictureSources;
import io.afina.source.PublishedPictures;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
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

  /** Looking for places reads all predictions. */
  private static final Duration BETWEEN_SEARCHES = Duration.ofHours(1);

  private final Closer closer = new Closer();
  private final AfinaConfig config;
  private final Deserializer<TrainingExample> examples;
  private final PublishedPictures pictures;
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
    this.meters = meters;
    examples = config.topics().training().values().deserializer();
    reduction = new PictureReduction(config.pictures());
    pictures = closer.own(new PublishedPictures(config, sources));
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
      Optional<byte[]> picture = pictures.read(id, place);
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

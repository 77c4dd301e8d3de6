package io.afina.keeper;

import io.afina.config.AfinaConfig;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Prediction;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Finds where images are by reading all predictions, which say it and are small. */
final class PredictedPlaces {

  private final Set<String> wanted;
  private final Map<String, ImagePlace> places = new HashMap<>();

  private PredictedPlaces(Set<String> wanted) {
    this.wanted = wanted;
  }

  /**
   * The places of those images that have a prediction still: of the last one, where several have.
   */
  static Map<String, ImagePlace> find(AfinaConfig config, Set<String> ids) {
    PredictedPlaces found = new PredictedPlaces(ids);
    try (var follower =
        TopicFollower.fromBeginning(
            KafkaSettings.reader(config).consumer(),
            config.topics().predictions().name(),
            found::take)) {
      follower.readToEnd();
    }
    return found.places;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    String id = new String(record.key(), StandardCharsets.UTF_8);
    if (wanted.contains(id)) {
      try {
        Prediction.Position at = Json.read(record.value(), Prediction.class).image();
        places.put(id, new ImagePlace(at.partition(), at.offset()));
      } catch (MalformedRecordException e) {
        // Somebody else's; the image may have another.
        places.remove(id);
      }
    }
  }
}

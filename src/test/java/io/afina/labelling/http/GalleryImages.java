package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.event.Json;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.ReviewItem.ReviewReason;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Publishes predictions as a classifier does, without one: ant, bee, ant … */
final class GalleryImages {

  private GalleryImages() {}

  static List<String> predicted(LabelServers servers, int from, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      String id = servers.prefix() + "seen-" + i;
      boolean ant = i % 2 == 0;
      List<Score> top =
          List.of(new Score(ant ? "ant" : "bee", 0.55), new Score(ant ? "bee" : "ant", 0.45));
      publish(servers.asked(), id, Asked.picture(i), i, top);
      ids.add(id);
    }
    return ids;
  }

  /** One picture and what was predicted of it. */
  static Position publish(Asked asked, String id, byte[] picture, int n, List<Score> top) {
    RecordMetadata at = asked.record(TOPICS.images().name(), id, picture);
    Position place = new Position(at.partition(), at.offset(), at.timestamp());
    asked.record(
        TOPICS.predictions().name(),
        id,
        Json.write(Asked.item(place, ReviewReason.AUDIT, n, top).prediction()));
    return place;
  }
}

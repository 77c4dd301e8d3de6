package io.afina.labelling.http;

import io.afina.event.Correction;
import io.afina.event.DeadLetter;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Prediction;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.feed.RecordSearch;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** All that is known of one image. */
final class ImagesApi {

  private static final int MOST = 20;
  private static final int LONGEST_ID = 1000;

  private final RecordSearch lookup;

  ImagesApi(RecordSearch lookup) {
    this.lookup = lookup;
  }

  /**
   * @param picture where its picture is, if anything tells
   * @param predictions newest first, as the corrections and the dead letters
   */
  record Image(
      String image,
      @Nullable String picture,
      List<Predicted> predictions,
      @Nullable ReviewItem review,
      List<Said> corrections,
      List<Dead> deadLetters) {}

  record Predicted(Instant at, Prediction prediction) {}

  /** A correction, or with no label its withdrawal. */
  record Said(
      Instant at,
      @Nullable String label,
      @Nullable String labeller,
      @Nullable String note,
      @Nullable ReviewReason asked) {}

  /** A dead letter with its name, partition and offset. */
  record Dead(String id, DeadLetter why, int bytes) {}

  void find(Context ctx) {
    String id = ctx.queryParam("id");
    if (id == null || id.isEmpty() || id.length() > LONGEST_ID) {
      throw Problem.of(400, "bad-id", "id must be an image id of 1 to 1,000 characters");
    }
    byte[] key = id.getBytes(StandardCharsets.UTF_8);
    List<Predicted> predictions = predictions(key);
    List<Dead> dead = dead(key);
    List<Said> said = said(key);
    if (predictions.isEmpty() && dead.isEmpty() && said.isEmpty()) {
      throw Problem.of(404, "no-image", "nothing of that image is kept as far back as was looked");
    }
    Requests.answer(
        ctx, new Image(id, picture(predictions, dead), predictions, review(key), said, dead));
  }

  private List<Predicted> predictions(byte[] key) {
    List<Predicted> found = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : find(Topics.PREDICTIONS, key, MOST)) {
      read(record, Prediction.class).ifPresent(p -> found.add(new Predicted(at(record), p)));
    }
    return found;
  }

  private @Nullable ReviewItem review(byte[] key) {
    return find(Topics.REVIEW, key, 1).stream()
        .flatMap(record -> read(record, ReviewItem.class).stream())
        .findFirst()
        .orElse(null);
  }

  private List<Said> said(byte[] key) {
    List<Said> found = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : find(Topics.CORRECTIONS, key, MOST)) {
      if (record.value() == null) {
        found.add(new Said(at(record), null, null, null, null));
      } else {
        read(record, Correction.class)
            .ifPresent(
                c -> found.add(new Said(at(record), c.label(), c.labeller(), c.note(), c.asked())));
      }
    }
    return found;
  }

  private List<Dead> dead(byte[] key) {
    return find(Topics.DEAD_LETTERS, key, MOST).stream()
        .flatMap(record -> dead(record).stream())
        .toList();
  }

  /** Empty for a mark, or what another wrote there. */
  private static Optional<Dead> dead(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(
          new Dead(
              record.partition() + "-" + record.offset(),
              DeadLetter.from(record.headers()),
              record.value() == null ? 0 : record.value().length));
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String picture(List<Predicted> predictions, List<Dead> dead) {
    if (!predictions.isEmpty()) {
      return ItemsApi.pictureAt(predictions.get(0).prediction().image());
    }
    return dead.stream()
        .map(Dead::why)
        .filter(why -> why.topic().equals(Topics.IMAGES.name()))
        .map(why -> new Prediction.Position(why.partition(), why.offset(), why.timestamp()))
        .map(ItemsApi::pictureAt)
        .findFirst()
        .orElse(null);
  }

  private List<ConsumerRecord<byte[], byte[]>> find(Topic<?, ?> topic, byte[] key, int most) {
    return lookup.find(topic.name(), key, most);
  }

  private static <T> Optional<T> read(ConsumerRecord<byte[], byte[]> record, Class<T> type) {
    try {
      return record.value() == null
          ? Optional.empty()
          : Optional.of(Json.read(record.value(), type));
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }

  private static Instant at(ConsumerRecord<?, ?> record) {
    return Instant.ofEpochMilli(record.timestamp());
  }
}

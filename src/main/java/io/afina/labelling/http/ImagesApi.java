package io.afina.labelling.http;

import static io.javalin.http.HandlerType.GET;

import io.afina.event.Correction;
import io.afina.event.DeadLetter;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Prediction;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.event.Withdrawal;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.labelling.feed.RecordSearch;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.security.UserRole;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Finds the predictions, corrections and dead letters of an image. */
record ImagesApi(Topics topics, RecordSearch search, ImageIdLimit ids) {

  private static final int MOST = 20;

  /**
   * @param picture where its picture is, if anything tells
   * @param predictions newest first, as the corrections and the dead letters
   */
  record ImageView(
      String image,
      @Nullable String picture,
      List<PredictionView> predictions,
      @Nullable ReviewItem review,
      List<CorrectionView> corrections,
      List<DeadLetterView> deadLetters) {}

  record PredictionView(Instant at, Prediction prediction) {}

  /** A correction; with no label its withdrawal, by the labeller or without one of all. */
  record CorrectionView(
      Instant at,
      @Nullable String label,
      @Nullable String labeller,
      @Nullable String note,
      @Nullable ReviewReason asked) {}

  /** A dead letter; its id is its partition and offset. */
  record DeadLetterView(String id, DeadLetter why, int bytes) {}

  List<Route> routes() {
    return List.of(new Route(GET, "/api/images", UserRole.LABELLER, this::find));
  }

  void find(Context ctx) {
    String id = id(ids, ctx.queryParam("id"));
    byte[] key = id.getBytes(StandardCharsets.UTF_8);
    List<PredictionView> predictions = predictions(key);
    List<DeadLetterView> deadLetters = find(topics.deadLetters(), key, ImagesApi::deadLetter);
    List<CorrectionView> corrections = corrections(key);
    if (predictions.isEmpty() && deadLetters.isEmpty() && corrections.isEmpty()) {
      throw Problem.of(404, "no-image", "nothing of that image is kept as far back as was looked");
    }
    String picture = picture(predictions, deadLetters);
    Requests.answer(
        ctx, new ImageView(id, picture, predictions, review(key), corrections, deadLetters));
  }

  /**
   * An image id that may be used.
   *
   * @throws Problem when it may not
   */
  static String id(ImageIdLimit ids, @Nullable String id) {
    try {
      return ids.require(id);
    } catch (MalformedRecordException e) {
      throw Problem.of(400, "bad-id", "the request " + e.getMessage());
    }
  }

  private List<PredictionView> predictions(byte[] key) {
    return find(
        topics.predictions(),
        key,
        record ->
            read(record, Prediction.class)
                .map(prediction -> new PredictionView(at(record), prediction)));
  }

  private @Nullable ReviewItem review(byte[] key) {
    return search.find(topics.review().name(), key, 1).stream()
        .flatMap(record -> read(record, ReviewItem.class).stream())
        .map(item -> new ReviewItem(item.prediction(), item.reason(), item.uncertainty(), null))
        .findFirst()
        .orElse(null);
  }

  private List<CorrectionView> corrections(byte[] key) {
    return search.findAnywhere(topics.corrections().name(), key, MOST).stream()
        .flatMap(record -> correction(record).stream())
        .toList();
  }

  private static Optional<CorrectionView> correction(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Optional.of(new CorrectionView(at(record), null, null, null, null));
    }
    try {
      Optional<Withdrawal> withdrawal = Withdrawal.read(record.value());
      if (withdrawal.filter(Withdrawal::keepsLabel).isPresent()) {
        return Optional.empty();
      }
      return withdrawal
          .map(w -> new CorrectionView(at(record), null, w.labeller(), w.note(), null))
          .or(
              () ->
                  read(record, Correction.class)
                      .map(
                          c ->
                              new CorrectionView(
                                  at(record), c.label(), c.labeller(), c.note(), c.asked())));
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }

  /** Reads a dead letter; empty for the mark of a replay, and for what another program wrote. */
  private static Optional<DeadLetterView> deadLetter(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(
          new DeadLetterView(
              record.partition() + "-" + record.offset(),
              DeadLetter.from(record.headers()),
              record.value() == null ? 0 : record.value().length));
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }

  private @Nullable String picture(
      List<PredictionView> predictions, List<DeadLetterView> deadLetters) {
    if (!predictions.isEmpty()) {
      return ItemsApi.pictureAt(predictions.get(0).prediction().image());
    }
    return deadLetters.stream()
        .map(DeadLetterView::why)
        .filter(why -> why.topic().equals(topics.images().name()))
        .map(why -> new Prediction.Position(why.partition(), why.offset(), why.timestamp()))
        .map(ItemsApi::pictureAt)
        .findFirst()
        .orElse(null);
  }

  private <T> List<T> find(
      Topic<?, ?> topic, byte[] key, Function<ConsumerRecord<byte[], byte[]>, Optional<T>> read) {
    return search.find(topic.name(), key, MOST).stream()
        .flatMap(record -> read.apply(record).stream())
        .toList();
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

package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.event.Json;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Asks about pictures as a classifier does, without one. */
public final class Asked implements AutoCloseable {

  private static final String BACKBONE = "ab".repeat(32);
  private static final Timings TIMINGS = new Timings(1, 1, 1);

  private final KafkaProducer<byte[], byte[]> producer;

  public Asked(String bootstrapServers) {
    this(Map.of("bootstrap.servers", bootstrapServers));
  }

  /** One that has to say who it is. */
  public Asked(Map<String, Object> kafka) {
    producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Makes the topics on a broker that is a test's own. */
  public static void applyTopics(String bootstrapServers) {
    try (TopicAdmin admin =
        TopicAdmin.connect(
            ConfigLoader.defaults().set("kafka.bootstrap.servers", bootstrapServers).load())) {
      admin.apply(admin.plan(PlanRequest.none("afina-classifier")));
    }
  }

  /** Publishes so many drawn pictures and a review item of each; gives their image ids. */
  public List<String> about(String prefix, int count, ReviewReason reason) {
    return about(prefix, count, (at, n) -> item(at, reason, n));
  }

  /**
   * The same with items of its own.
   *
   * @param items makes one of the place of its picture and its number
   */
  List<String> about(String prefix, int count, BiFunction<Position, Integer, ReviewItem> items) {
    List<String> ids = new ArrayList<>();
    List<Future<RecordMetadata>> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(prefix + i);
      images.add(send(TOPICS.images().name(), prefix + i, picture(i)));
    }
    for (int i = 0; i < count; i++) {
      RecordMetadata at = await(images.get(i));
      Position place = new Position(at.partition(), at.offset(), at.timestamp());
      var unused = send(TOPICS.review().name(), ids.get(i), Json.write(items.apply(place, i)));
    }
    producer.flush();
    return ids;
  }

  /** Any record. */
  public RecordMetadata record(String topic, String key, byte[] value) {
    return await(send(topic, key, value));
  }

  /** Publishes what is no picture, and the dead letter that a classifier makes of it. */
  void unusable(String id) {
    byte[] value = {1, 2, 3};
    RecordMetadata at = record(TOPICS.images().name(), id, value);
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            TOPICS.deadLetters().name(), id.getBytes(StandardCharsets.UTF_8), value);
    new DeadLetter(
            at.topic(),
            at.partition(),
            at.offset(),
            at.timestamp(),
            DeadLetter.Stage.DECODE,
            DeadLetter.Reason.NOT_A_PICTURE,
            "is no picture",
            Instant.ofEpochMilli(at.timestamp()))
        .addTo(letter.headers());
    await(producer.send(letter));
  }

  @Override
  public void close() {
    producer.close();
  }

  public static ReviewItem item(Position at, ReviewReason reason, int n) {
    boolean known = reason != ReviewReason.NO_MODEL;
    return item(
        at,
        reason,
        n,
        known ? List.of(new Score("ant", 0.55), new Score("bee", 0.45)) : List.<Score>of());
  }

  /** One with guesses, the first of which is the prediction. */
  static ReviewItem item(Position at, ReviewReason reason, int n, List<Score> top) {
    return item(at, reason, n, top, null);
  }

  static ReviewItem item(
      Position at, ReviewReason reason, int n, List<Score> top, @Nullable String embedding) {
    boolean known = !top.isEmpty();
    return new ReviewItem(
        new Prediction(
            known ? top.get(0).label() : null,
            known ? top.get(0).confidence() : null,
            top,
            known ? 0.1 : null,
            known ? 0.69 : null,
            known ? 1L : null,
            BACKBONE,
            at,
            TIMINGS,
            null,
            null),
        reason,
        known ? (n % 100) / 100.0 : 1,
        embedding);
  }

  /** Any record; it has arrived once a later one has that is waited for. */
  Future<RecordMetadata> send(String topic, String key, byte[] value) {
    return producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
  }

  private static RecordMetadata await(Future<RecordMetadata> sent) {
    try {
      return sent.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A PNG in one colour. */
  static byte[] picture(int n) {
    BufferedImage picture = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    int colour = Color.HSBtoRGB(n * 0.13f % 1, 0.6f, 0.8f);
    for (int x = 0; x < picture.getWidth(); x++) {
      for (int y = 0; y < picture.getHeight(); y++) {
        picture.setRGB(x, y, colour);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }
}

package io.afina.labelling.feed;

import io.afina.event.DeadLetter;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Topics;
import io.afina.kafka.TopicFollower;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows {@code predictions} and {@code dead-letters} into the gallery, from as far back as it
 * remembers. Records that cannot be read are passed over: the search for an image tells of them.
 */
public final class GalleryFeed implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  /** Pages are told no more often, however many images come. */
  private static final Duration TELL_EVERY = Duration.ofSeconds(2);

  /** A transaction of one record takes two offsets. */
  private static final int OFFSETS_OF_A_RECORD = 2;

  /** Dead letters carry whole pictures, so that fewer of them are read at the start. */
  private static final int IMAGES_OF_A_DEAD_LETTER = 20;

  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicFollower<byte[], byte[]> follower;
  private final Gallery gallery;
  private final Runnable changed;
  private Map<TopicPartition, Long> ends = Map.of();
  private volatile boolean reading = true;
  private long told = System.nanoTime();
  private long toldChanges;

  /**
   * Starts to follow.
   *
   * @param consumer owned from here on
   * @param images as many as the gallery remembers
   * @param changed told after anything came
   */
  public GalleryFeed(
      Topics topics,
      KafkaConsumer<byte[], byte[]> consumer,
      int images,
      Gallery gallery,
      Runnable changed) {
    this.topics = topics;
    this.consumer = consumer;
    this.gallery = gallery;
    this.changed = changed;
    TopicFollower.setUp(consumer, () -> start(images));
    follower = TopicFollower.ofAll(consumer, this::apply);
    follower.follow("afina-label-gallery", POLL, this::round);
  }

  /** Whether what was there at the start has not all been read. */
  public boolean isReading() {
    return reading;
  }

  public CompletableFuture<Void> ended() {
    return follower.ended();
  }

  @Override
  public void close() {
    follower.close();
  }

  private void start(int images) {
    List<TopicPartition> predictions =
        TopicFollower.partitions(consumer, topics.predictions().name());
    List<TopicPartition> all =
        TopicFollower.partitions(
            consumer, topics.predictions().name(), topics.deadLetters().name());
    consumer.assign(all);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(all);
    ends = consumer.endOffsets(all);
    for (TopicPartition partition : all) {
      boolean isPrediction = predictions.contains(partition);
      int partitions = isPrediction ? predictions.size() : all.size() - predictions.size();
      int records = isPrediction ? images : images / IMAGES_OF_A_DEAD_LETTER;
      long back = OFFSETS_OF_A_RECORD * (1L + records / partitions);
      consumer.seek(
          partition,
          Math.max(begins.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L) - back));
    }
  }

  private void round(int records) {
    if (reading
        && ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue())) {
      reading = false;
      changed.run();
    }
    long now = System.nanoTime();
    if (gallery.changes() != toldChanges && now - told > TELL_EVERY.toNanos()) {
      told = now;
      toldChanges = gallery.changes();
      changed.run();
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String image = new String(record.key(), StandardCharsets.UTF_8);
    try {
      if (record.topic().equals(topics.deadLetters().name())) {
        deadLetter(image, record);
      } else if (record.value() != null) {
        gallery.predicted(image, Json.read(record.value(), Prediction.class));
      }
    } catch (MalformedRecordException e) {
      // Another program's, or another version's: it is no image to show.
    }
  }

  /** A dead letter; what is none is the mark of a replay. */
  private void deadLetter(String image, ConsumerRecord<byte[], byte[]> record) {
    if (DeadLetter.isIn(record.headers())) {
      DeadLetter why = DeadLetter.from(record.headers());
      boolean isImage = why.topic().equals(topics.images().name());
      gallery.unusable(
          image,
          why,
          isImage ? new Position(why.partition(), why.offset(), why.timestamp()) : null);
    }
  }
}

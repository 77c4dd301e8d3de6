package io.afina.labelling.feed;

import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.ReviewItem;
import io.afina.event.Topics;
import io.afina.event.Withdrawal;
import io.afina.kafka.TopicFollower;
import io.afina.labelling.queue.AnnotationIndex;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.ReviewQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows all of {@code corrections} and {@code review} from some days back, and {@code training}
 * from now on, into the answer index and the gallery: what every instance must know, whoever asks.
 */
public final class AnswerFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerFeed.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicFollower<byte[], byte[]> follower;
  private final AnswerIndex answers;
  private final AnnotationIndex annotations;
  private final Gallery gallery;
  private final LearningTimes times;
  private final ReviewQueue queue;
  private final Runnable changed;
  private final Map<Integer, Long> corrections = new ConcurrentHashMap<>();

  /**
   * Starts to follow.
   *
   * @param consumer owned from here on
   * @param changed told after anything came
   */
  public AnswerFeed(
      Topics topics,
      KafkaConsumer<byte[], byte[]> consumer,
      Duration history,
      AnswerIndex answers,
      AnnotationIndex annotations,
      Gallery gallery,
      LearningTimes times,
      ReviewQueue queue,
      Runnable changed) {
    this.topics = topics;
    this.consumer = consumer;
    this.answers = answers;
    this.annotations = annotations;
    this.gallery = gallery;
    this.times = times;
    this.queue = queue;
    this.changed = changed;
    TopicFollower.setUp(consumer, () -> start(history));
    follower = TopicFollower.ofAll(consumer, this::apply);
    follower.follow("afina-label-answers", POLL, this::round);
  }

  /** The next offset of a partition of {@code corrections} that will be read. */
  long corrected(int partition) {
    return corrections.getOrDefault(partition, 0L);
  }

  public CompletableFuture<Void> ended() {
    return follower.ended();
  }

  @Override
  public void close() {
    follower.close();
  }

  private void start(Duration history) {
    List<TopicPartition> past =
        TopicFollower.partitions(consumer, topics.corrections().name(), topics.review().name());
    List<TopicPartition> future = TopicFollower.partitions(consumer, topics.training().name());
    List<TopicPartition> all = new ArrayList<>(past);
    all.addAll(future);
    consumer.assign(all);
    consumer.seekToEnd(future);
    long since = Instant.now().minus(history).toEpochMilli();
    Map<TopicPartition, OffsetAndTimestamp> starts =
        consumer.offsetsForTimes(past.stream().collect(Collectors.toMap(p -> p, p -> since)));
    Map<TopicPartition, Long> ends = consumer.endOffsets(past);
    for (TopicPartition partition : past) {
      OffsetAndTimestamp start = starts.get(partition);
      consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
    }
  }

  private void round(int records) {
    for (TopicPartition partition : consumer.assignment()) {
      if (partition.topic().equals(topics.corrections().name())) {
        corrections.put(partition.partition(), consumer.position(partition));
      }
    }
    if (records > 0) {
      changed.run();
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    try {
      String image = new String(record.key(), StandardCharsets.UTF_8);
      if (record.topic().equals(topics.corrections().name())) {
        correction(image, record);
      } else if (record.topic().equals(topics.training().name())) {
        if (record.value() != null) {
          times.example(record.partition(), record.offset(), record.timestamp());
        }
      } else if (record.value() != null) {
        ReviewItem item = Json.read(record.value(), ReviewItem.class);
        answers.asked(image, item);
        gallery.asked(image, item);
      }
    } catch (MalformedRecordException e) {
      LOG.atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("why", e.getMessage())
          .log("ignored record");
    }
  }

  private void correction(String image, ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      answers.withdrawn(image);
      queue.withdrawn(image, record.offset());
      return;
    }
    Instant now = Instant.ofEpochMilli(record.timestamp());
    Optional<Withdrawal> read = Withdrawal.read(record.value());
    if (read.isPresent()) {
      withdraw(image, read.get().requireLimits(now), record.offset());
    } else {
      Correction correction = Json.read(record.value(), Correction.class).requireLimits(now);
      answers.corrected(image, correction, record.timestamp());
      annotations.corrected(image, correction);
      queue.corrected(image, correction.labeller(), record.offset());
    }
  }

  private void withdraw(String image, Withdrawal withdrawal, long offset) {
    String labeller = withdrawal.labeller();
    if (withdrawal.keepsLabel() && labeller != null) {
      answers.unnamed(image, labeller);
    } else {
      answers.withdrawn(image, labeller);
      annotations.withdrawn(image, withdrawal);
      queue.withdrawn(image, labeller, offset);
    }
  }
}

package io.afina.labelling.feed;

import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem;
import io.afina.event.Topics;
import io.afina.event.header.TraceHeaders;
import io.afina.kafka.TopicFollower;
import io.afina.labelling.queue.AcquisitionPlanner;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.suspect.Suspects;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the queue with this instance's share of {@code review}. A partition that is assigned is
 * read only after the answer index knows every answer that was on {@code corrections} at that
 * moment, so what the instance before answered is not asked again; one that is taken away waits for
 * answers under way. Offsets are committed up to the oldest open item.
 */
public final class ReviewFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReviewFeed.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);

  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Admin admin;
  private final ReviewQueue queue;
  private final AcquisitionPlanner planner;
  private final AnswerIndex answers;
  private final AnswerFeed answerFeed;
  private final SuspectFeed suspects;
  private final Runnable changed;

  /** Partitions whose answers the index does not all know, with the offset that it must reach. */
  private final Map<TopicPartition, Long> behind = new HashMap<>();

  private final Set<TopicPartition> assigned = new HashSet<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final TopicFollower<byte[], byte[]> follower;
  private long lastCommit = System.nanoTime();

  /**
   * Starts to follow.
   *
   * @param consumer of the group; owned from here on
   * @param admin owned from here on
   * @param suspects gives the labels that look wrong now
   */
  public ReviewFeed(
      Topics topics,
      KafkaConsumer<byte[], byte[]> consumer,
      Admin admin,
      ReviewQueue queue,
      AnswerIndex answers,
      AnswerFeed answerFeed,
      Supplier<Optional<Suspects>> suspects,
      Runnable changed) {
    this.topics = topics;
    this.consumer = consumer;
    this.admin = admin;
    this.queue = queue;
    this.planner = new AcquisitionPlanner(queue);
    this.answers = answers;
    this.answerFeed = answerFeed;
    this.suspects = new SuspectFeed(queue, answers, suspects);
    this.changed = changed;
    consumer.subscribe(List.of(topics.review().name()), new Partitions());
    follower = new TopicFollower<>(consumer, this::offer);
    follower.follow("afina-label-review", POLL, this::round);
  }

  /**
   * Whether the group has heard of this instance lately. One that it may have given up on must not
   * take answers: its partitions may be another's.
   */
  public boolean isCurrent() {
    return consumer.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("last-heartbeat-seconds-ago"))
        .map(Metric::metricValue)
        .filter(Double.class::isInstance)
        .mapToDouble(Double.class::cast)
        .allMatch(seconds -> seconds < LabellingClients.STALE.toSeconds());
  }

  public CompletableFuture<Void> ended() {
    return follower.ended();
  }

  @Override
  public void close() {
    follower.close();
    admin.close();
  }

  private void round(int records) {
    pace();
    if (System.nanoTime() - lastCommit > COMMIT_EVERY.toNanos()) {
      commit(assigned);
    }
    planner.round();
    if (suspects.round(ready()) || records > 0) {
      changed.run();
    }
  }

  /** The partitions of which it is known what was answered. */
  private Set<Integer> ready() {
    return assigned.stream()
        .filter(partition -> !behind.containsKey(partition))
        .map(TopicPartition::partition)
        .collect(Collectors.toSet());
  }

  private void offer(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    String image = new String(record.key(), StandardCharsets.UTF_8);
    try {
      ReviewItem review = Json.read(record.value(), ReviewItem.class);
      offer(
          new QueuedItem(
              new RecordId(record.partition(), record.offset()),
              image,
              review,
              record.timestamp(),
              TraceHeaders.read(record.headers())));
    } catch (MalformedRecordException e) {
      LOG.atWarn()
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("why", e.getMessage())
          .log("ignored review item");
    }
  }

  private void offer(QueuedItem item) {
    Set<String> labellers = answers.labellers(item.image());
    if (labellers.size() < queue.assignments().labellers(item.image())) {
      queue.offer(item, labellers);
      // An answer may have come, or been withdrawn, in between.
      if (!answers.labellers(item.image()).equals(labellers)) {
        queue.drop(item.id());
        offer(item);
      }
    }
  }

  /** Reads on where there is room and the answer index has caught up. */
  private void pace() {
    behind.entrySet().removeIf(entry -> hasCaughtUp(entry.getKey(), entry.getValue()));
    if (queue.isFull()) {
      consumer.pause(assigned);
    } else {
      consumer.resume(assigned.stream().filter(p -> !behind.containsKey(p)).toList());
    }
  }

  private boolean hasCaughtUp(TopicPartition partition, long target) {
    if (target < 0) {
      behind.put(partition, end(partition));
      return false;
    }
    return answerFeed.corrected(partition.partition()) >= target;
  }

  /** The end of the partition of corrections that goes with one of review, or -1 if unknown. */
  private long end(TopicPartition review) {
    TopicPartition corrections =
        new TopicPartition(topics.corrections().name(), review.partition());
    try {
      return admin
          .listOffsets(Map.of(corrections, OffsetSpec.latest()))
          .partitionResult(corrections)
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .offset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("partition", corrections)
          .addKeyValue("why", e.toString())
          .log("the end of corrections is unknown");
      return -1;
    }
  }

  private void commit(Collection<TopicPartition> partitions) {
    lastCommit = System.nanoTime();
    Map<TopicPartition, OffsetAndMetadata> changes =
        partitions.stream()
            .filter(assigned::contains)
            .collect(Collectors.toMap(p -> p, this::committable));
    changes.entrySet().removeIf(e -> e.getValue().equals(committed.get(e.getKey())));
    if (changes.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(changes, PATIENCE);
      committed.putAll(changes);
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      // What is not committed is read again, and the index knows what was answered.
      LOG.atInfo().addKeyValue("why", e.toString()).log("offsets not committed");
    }
  }

  private OffsetAndMetadata committable(TopicPartition partition) {
    return new OffsetAndMetadata(
        queue.committable(partition.partition(), consumer.position(partition)));
  }

  private final class Partitions implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer.pause(partitions);
      for (TopicPartition partition : partitions) {
        assigned.add(partition);
        behind.put(partition, -1L);
        queue.open(partition.partition());
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      List<TopicPartition> ours = new ArrayList<>(partitions);
      try {
        commit(ours);
      } finally {
        onPartitionsLost(ours);
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        if (!queue.close(partition.partition(), LabellingClients.DELIVERY)) {
          LOG.atWarn().addKeyValue("partition", partition).log("an answer is still under way");
        }
        assigned.remove(partition);
        behind.remove(partition);
        committed.remove(partition);
      }
      changed.run();
    }
  }
}

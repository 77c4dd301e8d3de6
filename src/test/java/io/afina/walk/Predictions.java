package io.afina.walk;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.AfinaConfig;
import io.afina.event.Prediction;
import io.afina.lifecycle.Worker;
import io.afina.replay.TopicTail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the predictions as they are committed, on a thread of its own: how often each image has
 * one, and the longest time without any. New partitions are read from their beginning.
 */
public final class Predictions implements AutoCloseable {

  /** Longer than transactions that were under way take to end. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(2);

  private final Deserializer<Prediction> values = TOPICS.predictions().values().deserializer();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Set<String> unlabelled = new HashSet<>();
  private final List<Long> latencies = new ArrayList<>();
  private final Map<Integer, Long> lastOfPartition = new HashMap<>();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Worker worker;
  private volatile boolean closed;
  private long last = System.nanoTime();
  private Duration gap = Duration.ZERO;
  private @Nullable Prediction latest;

  public Predictions(AfinaConfig config) {
    consumer = TopicTail.open(config, TOPICS.predictions());
    worker = new Worker("test-predictions", this::read, () -> closed = true);
  }

  /** Stops the load: what was published until now gets a prediction, and none gets two. */
  public void shouldBeOneForEach(Load load) throws InterruptedException {
    load.stop();
    Step.until("all is predicted", () -> images() >= load.published());
    Step.pause(AFTERWARDS);
    assertThat(counts())
        .hasSize(load.published())
        .allSatisfy((id, count) -> assertThat(count).as(id).isOne());
    Step.say("%d pictures, each predicted once", load.published());
  }

  /** How many images have one. */
  public synchronized int images() {
    return counts.size();
  }

  /** How many each image has. */
  public synchronized Map<String, Integer> counts() {
    return Map.copyOf(counts);
  }

  /** Images that have one without a label. */
  public synchronized Set<String> unlabelled() {
    return Set.copyOf(unlabelled);
  }

  /** Whether a head answered the newest one. */
  public boolean labelled() {
    return head().isPresent();
  }

  /** Counts from nothing, for who classifies everything again. */
  public synchronized void forget() {
    counts.clear();
    unlabelled.clear();
  }

  /** Measures the longest time without any from now on. */
  public synchronized void measureGap() {
    gap = Duration.ZERO;
    last = System.nanoTime();
    latencies.clear();
  }

  /** From image to prediction since {@link #measureGap}, in milliseconds. */
  public long p99Millis() {
    return latency(0.99);
  }

  /** The same of the slowest: the longest time for which a partition stood still. */
  public Duration slowest() {
    return Duration.ofMillis(latency(1));
  }

  private synchronized long latency(double quantile) {
    List<Long> sorted = latencies.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((int) (quantile * (sorted.size() - 1)));
  }

  /** The longest time without any, as predictions arrived here. */
  public synchronized Duration gap() {
    Duration silent = Duration.ofNanos(System.nanoTime() - last);
    return silent.compareTo(gap) > 0 ? silent : gap;
  }

  /** The head of the newest one, where one answered. */
  public synchronized Optional<Long> head() {
    return Optional.ofNullable(latest).map(Prediction::head);
  }

  /** The backbone of the newest one. */
  public synchronized Optional<String> backbone() {
    return Optional.ofNullable(latest).map(Prediction::backbone);
  }

  /** Whether every partition that ever had one has one of after this time. */
  public synchronized boolean allWentOnAfter(long nanoTime) {
    return lastOfPartition.values().stream().allMatch(at -> at - nanoTime > 0);
  }

  @Override
  public void close() {
    worker.close();
    consumer.close();
    worker.ended().join();
  }

  private void read() {
    while (!closed) {
      consumer.poll(Duration.ofMillis(50)).forEach(this::seen);
      Set<TopicPartition> all =
          consumer.partitionsFor(TOPICS.predictions().name()).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .collect(Collectors.toSet());
      Set<TopicPartition> more = new HashSet<>(all);
      more.removeAll(consumer.assignment());
      if (!more.isEmpty()) {
        consumer.assign(all);
        consumer.seekToBeginning(more);
      }
    }
  }

  private synchronized void seen(ConsumerRecord<byte[], byte[]> record) {
    gap = gap();
    last = System.nanoTime();
    latest = values.deserialize(record.topic(), record.value());
    lastOfPartition.put(record.partition(), last);
    latencies.add(System.currentTimeMillis() - latest.image().timestamp());
    String id = new String(record.key(), StandardCharsets.UTF_8);
    if (latest.head() == null) {
      unlabelled.add(id);
    }
    counts.merge(id, 1, Integer::sum);
  }
}

package io.afina.kafka;

import io.afina.config.AfinaConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first record that waits in a partition. Offsets alone do not tell: behind what a group
 * has committed there may be nothing but the markers of transactions, which nobody reads and nobody
 * commits past. For one thread, but for {@link #wakeUp}.
 */
final class NextRecords implements AutoCloseable {

  private static final Duration STEP = Duration.ofMillis(100);
  private static final long PATIENCE_NANOS = Duration.ofSeconds(3).toNanos();

  /**
   * Of a partition at once. A broker gives whole records, but where they are larger, in one answer
   * those of one partition only.
   */
  private static final int FETCH_BYTES = 128 << 10;

  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Known> known = new HashMap<>();

  /**
   * The first record that waits, or where a reader of committed records gets without one.
   *
   * @param timestamp of the record, milliseconds since 1970; null where there is none
   */
  record Next(long offset, @Nullable Long timestamp) {}

  /** From where to where a reader may have to go. */
  record Range(long from, long end) {}

  private record Known(Range range, Next next) {

    /** A reader that got neither a record nor to the end may get further the next time. */
    boolean holdsFor(Range now) {
      boolean isAtEnd = next.offset() >= range.end() && range.end() == now.end();
      return range.from() == now.from() && (next.timestamp() != null || isAtEnd);
    }
  }

  NextRecords(AfinaConfig config) {
    this(
        KafkaSettings.reader(config)
            .require(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1)
            .require(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES)
            .consumer());
  }

  /**
   * @param consumer gives one record a poll; owned from here on
   */
  NextRecords(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /** Looks at all partitions for three seconds at most; what has not changed is not read again. */
  Map<TopicPartition, Next> find(Map<TopicPartition, Range> waiting) {
    known.entrySet().removeIf(entry -> !holds(entry.getValue(), waiting.get(entry.getKey())));
    Map<TopicPartition, Range> open = new HashMap<>(waiting);
    open.keySet().removeAll(known.keySet());
    if (!open.isEmpty()) {
      read(open);
    }
    Map<TopicPartition, Next> found = new HashMap<>();
    known.forEach((partition, one) -> found.put(partition, one.next()));
    return found;
  }

  private static boolean holds(Known one, @Nullable Range now) {
    return now != null && one.holdsFor(now);
  }

  private void read(Map<TopicPartition, Range> ranges) {
    consumer.assign(ranges.keySet());
    // A partition that was assigned before is still paused.
    consumer.resume(ranges.keySet());
    ranges.forEach((partition, range) -> consumer.seek(partition, range.from()));
    Set<TopicPartition> open = new HashSet<>(ranges.keySet());
    long start = System.nanoTime();
    while (!open.isEmpty() && System.nanoTime() - start < PATIENCE_NANOS) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(STEP)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        note(partition, ranges, new Next(record.offset(), record.timestamp()));
        consumer.pause(Set.of(partition));
        open.remove(partition);
      }
      open.removeIf(partition -> consumer.position(partition) >= range(ranges, partition).end());
    }
    ranges.keySet().stream()
        .filter(partition -> !known.containsKey(partition))
        .forEach(p -> note(p, ranges, new Next(consumer.position(p), null)));
  }

  private void note(TopicPartition partition, Map<TopicPartition, Range> ranges, Next next) {
    known.put(partition, new Known(range(ranges, partition), next));
  }

  private static Range range(Map<TopicPartition, Range> ranges, TopicPartition partition) {
    return Objects.requireNonNull(ranges.get(partition));
  }

  /** Ends a look under way, from any thread. */
  void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}

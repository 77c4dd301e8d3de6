package io.afina.deadletter;

import io.afina.config.AfinaConfig;
import io.afina.event.RecordId;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what was on {@code dead-letters} when it was opened. Owns its consumer; for one thread.
 *
 * <p>It reads beyond transactions that are still open, and waits for their end: behind one there
 * may be marks of replays, and whoever overlooks a mark puts a record back twice.
 */
public final class DeadLetterLog implements AutoCloseable {

  /** Longer than any transaction of a classifier may be open. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;

  private DeadLetterLog(
      String topic, KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.topic = topic;
    this.consumer = consumer;
    this.ends = ends;
  }

  /** Opens it; ends in one sentence when the topic is missing or the cluster cannot be reached. */
  public static DeadLetterLog open(AfinaConfig config) {
    String topic = config.topics().deadLetters().name();
    ReadyTopics.require(config, Set.of(topic));
    Map<TopicPartition, Long> ends;
    try (KafkaConsumer<byte[], byte[]> all = consumer(config, "read_uncommitted")) {
      ends = all.endOffsets(TopicFollower.partitions(all, topic));
    }
    return new DeadLetterLog(topic, consumer(config, "read_committed"), ends);
  }

  /** Shows every committed record, those of a partition in their order. */
  public void read(Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    consumer.assign(ends.keySet());
    consumer.seekToBeginning(ends.keySet());
    readToEnd(visitor);
  }

  /** Shows the record at a position, if there still is one, and those behind it. */
  public void readFrom(RecordId id, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    TopicPartition partition = new TopicPartition(topic, id.partition());
    if (id.offset() < ends.getOrDefault(partition, 0L)) {
      Set<TopicPartition> one = Set.of(partition);
      consumer.assign(one);
      long beginning = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
      consumer.seek(partition, Math.max(beginning, id.offset()));
      readToEnd(visitor);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    // What an earlier reading paused stays so under a new assignment.
    consumer.resume(consumer.assignment());
    Set<TopicPartition> open = new HashSet<>(consumer.assignment());
    long behind = Long.MAX_VALUE;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (behind > 0) {
      consumer.poll(POLL).forEach(record -> visitIfBeforeTheEnd(record, visitor));
      pauseEnded(open);
      long now = behind(open);
      if (now < behind) {
        behind = now;
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
      requireBefore(deadline, behind);
    }
  }

  private void visitIfBeforeTheEnd(
      ConsumerRecord<byte[], byte[]> record, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    if (record.offset() < ends.getOrDefault(partition, 0L)) {
      visitor.accept(record);
    }
  }

  private void pauseEnded(Set<TopicPartition> open) {
    List<TopicPartition> ended = open.stream().filter(p -> behind(p) == 0).toList();
    consumer.pause(ended);
    open.removeAll(Set.copyOf(ended));
  }

  private long behind(Set<TopicPartition> open) {
    return open.stream().mapToLong(this::behind).sum();
  }

  private long behind(TopicPartition partition) {
    return Math.max(0, ends.getOrDefault(partition, 0L) - consumer.position(partition));
  }

  private void requireBefore(long deadline, long behind) {
    if (behind > 0 && System.nanoTime() > deadline) {
      throw new AfinaException(
          ExitCode.UNREACHABLE,
          "%s cannot be read to its end, %d offsets are missing since %s: a broker is away or a transaction stays open; try again later"
              .formatted(topic, behind, PATIENCE));
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(AfinaConfig config, String isolation) {
    return KafkaSettings.reader(config)
        .require(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation)
        .require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
        .consumer();
  }
}

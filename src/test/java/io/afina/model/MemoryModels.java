package io.afina.model;

import static io.afina.DefaultTopics.TOPICS;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** The topic {@code models} without a cluster, of any records, for readers while it grows. */
public final class MemoryModels {

  private static final TopicPartition PARTITION = new TopicPartition(TOPICS.models().name(), 0);
  private static final int MOST_A_POLL = 500;

  private final NavigableMap<Long, ConsumerRecord<String, byte[]>> records =
      new ConcurrentSkipListMap<>();
  private final AtomicLong end = new AtomicLong();

  /** A record as a producer sends it. */
  public record Sent(byte @Nullable [] key, byte @Nullable [] value, Headers headers, long time) {}

  /** Adds a record, and gives it as a consumer has it. */
  public ConsumerRecord<String, byte[]> add(Sent sent) {
    long offset = end.get();
    Deserializer<String> keys = TOPICS.models().keys().deserializer();
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(
            PARTITION.topic(),
            PARTITION.partition(),
            offset,
            sent.time(),
            TimestampType.CREATE_TIME,
            ConsumerRecord.NULL_SIZE,
            ConsumerRecord.NULL_SIZE,
            keys.deserialize(PARTITION.topic(), sent.key()),
            sent.value(),
            sent.headers(),
            Optional.empty());
    records.put(offset, record);
    end.set(offset + 1);
    return record;
  }

  /** Opens a log of it; any number may be open. */
  public ModelLog open() {
    return new ModelLog(PARTITION.topic(), this::consumer);
  }

  /** Leaves the last record of each key, as compaction does. */
  public void compact() {
    Set<String> later = new HashSet<>();
    records
        .descendingMap()
        .values()
        .removeIf(
            record ->
                record.offset() < end.get() - 1
                    && (record.key() == null || !later.add(record.key())));
  }

  private Consumer<String, byte[]> consumer() {
    MockConsumer<String, byte[]> consumer =
        new MockConsumer<>("earliest") {

          @Override
          public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            long next = position(PARTITION);
            records.tailMap(next).values().stream().limit(MOST_A_POLL).forEach(this::addRecord);
            ConsumerRecords<String, byte[]> found = super.poll(timeout);
            if (found.isEmpty() && !timeout.isZero()) {
              LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            return found;
          }

          @Override
          public synchronized Map<TopicPartition, Long> endOffsets(
              Collection<TopicPartition> partitions) {
            return Map.of(PARTITION, end.get());
          }
        };
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    return consumer;
  }
}

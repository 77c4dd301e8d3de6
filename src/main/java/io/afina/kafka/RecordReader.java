package io.afina.kafka;

import io.afina.event.RecordId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads single records of a topic by where they are. For one thread at a time.
 *
 * @param consumer gives one record a poll and fails on offsets that are gone; owned from here on
 */
public record RecordReader(Consumer<byte[], byte[]> consumer, String topic)
    implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * The record at a place; empty when there is none any more, or never was.
   *
   * @throws TimeoutException when Kafka does not give it in time
   */
  public Optional<ConsumerRecord<byte[], byte[]>> read(RecordId place, Duration patience) {
    if (place.partition() >= consumer.partitionsFor(topic).size()) {
      return Optional.empty();
    }
    TopicPartition partition = new TopicPartition(topic, place.partition());
    consumer.assign(List.of(partition));
    consumer.seek(partition, place.offset());
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          return record.offset() == place.offset() ? Optional.of(record) : Optional.empty();
        }
        if (consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L) <= place.offset()) {
          return Optional.empty();
        }
      }
    } catch (OffsetOutOfRangeException e) {
      return Optional.empty();
    }
    throw new TimeoutException(
        "Kafka did not give record %s of %s in %s".formatted(place, topic, patience));
  }

  @Override
  public void close() {
    consumer.close();
  }
}

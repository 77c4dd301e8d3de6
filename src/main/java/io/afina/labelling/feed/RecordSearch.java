package io.afina.labelling.feed;

import io.afina.http.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds the records of one key by reading their partition backwards, a piece at a time, as far as a
 * limit. For any thread; one search at a time.
 *
 * @param consumer owned from here on
 * @param limit offsets that a search goes back at most
 */
public record RecordSearch(KafkaConsumer<byte[], byte[]> consumer, int limit)
    implements AutoCloseable {

  private static final int PIECE = 2000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * The records of a key, newest first.
   *
   * @param most ends the search once so many were found
   * @throws Problem when Kafka does not answer in time
   */
  public synchronized List<ConsumerRecord<byte[], byte[]>> find(
      String topic, byte[] key, int most) {
    TopicPartition partition = partition(topic, key);
    consumer.assign(List.of(partition));
    long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    long stop = Math.max(first, end - limit);
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (long to = end; to > stop && found.size() < most; to -= PIECE) {
      found.addAll(piece(partition, Math.max(stop, to - PIECE), to, key, deadline));
    }
    return found.subList(0, Math.min(most, found.size()));
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }

  private List<ConsumerRecord<byte[], byte[]>> piece(
      TopicPartition partition, long from, long to, byte[] key, long deadline) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    consumer.seek(partition, from);
    while (consumer.position(partition) < to) {
      if (System.nanoTime() > deadline) {
        throw Problem.later(
            503, "kafka-late", "Kafka did not give the records in time; try again", 5);
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < to && Arrays.equals(record.key(), key)) {
          found.add(record);
        }
      }
    }
    Collections.reverse(found);
    return found;
  }

  /** Where Kafka's default partitioner puts a key. */
  private TopicPartition partition(String topic, byte[] key) {
    int partitions = consumer.partitionsFor(topic).size();
    return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions);
  }
}

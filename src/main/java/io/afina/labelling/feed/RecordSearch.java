package io.afina.labelling.feed;

import io.afina.http.Problem;
import io.afina.kafka.Homes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the records of one key by reading their home partition, or all, backwards, a piece at a
 * time, as far as a limit. For any thread; one search at a time.
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
    int home = Homes.of(key, consumer.partitionsFor(topic).size());
    return find(new TopicPartition(topic, home), key, most, limit, deadline());
  }

  /**
   * The same of a topic where the records of a key may be in any partition, as clients choose; the
   * other partitions share the limit.
   *
   * @throws Problem when Kafka does not answer in time
   */
  public synchronized List<ConsumerRecord<byte[], byte[]>> findAnywhere(
      String topic, byte[] key, int most) {
    int partitions = consumer.partitionsFor(topic).size();
    int home = Homes.of(key, partitions);
    List<TopicPartition> all =
        IntStream.range(0, partitions).mapToObj(each -> new TopicPartition(topic, each)).toList();
    // All at once: a consumer that is given another partition waits for what it asked of the last.
    consumer.assign(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    consumer
        .beginningOffsets(all)
        .forEach(
            (partition, first) -> {
              int share = partition.partition() == home ? limit : limit / partitions;
              consumer.seek(partition, Math.max(first, end(ends, partition) - share));
            });
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    long deadline = deadline();
    while (all.stream().anyMatch(each -> consumer.position(each) < end(ends, each))) {
      found.addAll(poll(key, deadline));
    }
    found.sort(Comparator.comparing(ConsumerRecord::timestamp, Comparator.reverseOrder()));
    return found.subList(0, Math.min(most, found.size()));
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }

  private List<ConsumerRecord<byte[], byte[]>> find(
      TopicPartition partition, byte[] key, int most, int share, long deadline) {
    consumer.assign(List.of(partition));
    long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    long stop = Math.max(first, end - share);
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
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
      poll(key, deadline).stream().filter(record -> record.offset() < to).forEach(found::add);
    }
    Collections.reverse(found);
    return found;
  }

  /** What one poll gives of a key. */
  private List<ConsumerRecord<byte[], byte[]>> poll(byte[] key, long deadline) {
    if (System.nanoTime() > deadline) {
      throw Problem.later(
          503, "kafka-late", "Kafka did not give the records in time; try again", 5);
    }
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (Arrays.equals(record.key(), key)) {
        found.add(record);
      }
    }
    return found;
  }

  private static long deadline() {
    return System.nanoTime() + PATIENCE.toNanos();
  }
}

package io.afina.classifier.ahead;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a stream thread's consumer polled to an {@link AheadQueue}, before Kafka Streams has
 * it. Kafka makes it, by its name; it changes nothing.
 */
public final class AheadInterceptor implements ConsumerInterceptor<byte[], byte[]> {

  /** The setting of a consumer that has the queue. */
  public static final String QUEUE = "afina.ahead.queue";

  private final Set<TopicPartition> seen = new HashSet<>();
  private @Nullable AheadQueue queue;

  @Override
  public void configure(Map<String, ?> settings) {
    queue = (AheadQueue) settings.get(QUEUE);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    if (queue != null) {
      seen.addAll(records.partitions());
      queue.polled(records);
    }
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  /** A thread that ends takes nothing any more. */
  @Override
  public void close() {
    if (queue != null) {
      seen.forEach(queue::drop);
    }
  }
}

package io.afina.kafka;

import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends records, counts those that arrived and keeps the first failure. */
public final class Publisher<V> implements AutoCloseable {

  private static final int LARGEST_REQUEST = 64 << 20;

  private final Producer<String, @Nullable V> producer;
  private final AtomicLong arrived = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  private Publisher(Producer<String, @Nullable V> producer) {
    this.producer = producer;
  }

  public static <V> Publisher<V> open(AfinaConfig config, Topic<String, V> topic) {
    return new Publisher<>(
        new KafkaProducer<>(
            new KafkaSettings(config)
                .recommend(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST)
                .recommend(ProducerConfig.BUFFER_MEMORY_CONFIG, LARGEST_REQUEST)
                .recommend(ProducerConfig.SEND_BUFFER_CONFIG, -1)
                .toMap(),
            topic.keys().serializer(),
            topic.values().serializer()));
  }

  /** Sends; waits while the producer's buffer is full. */
  public void send(ProducerRecord<String, @Nullable V> record) {
    throwFailure();
    var unused =
        producer.send(
            record,
            (metadata, e) -> {
              if (e == null) {
                arrived.incrementAndGet();
              } else {
                failure.compareAndSet(null, e);
              }
            });
  }

  /** Waits until all that was sent has arrived. */
  public void flush() {
    producer.flush();
    throwFailure();
  }

  /** How many partitions a topic has. */
  public int partitions(Topic<?, ?> topic) {
    return producer.partitionsFor(topic.name()).size();
  }

  /** How many records the broker has acknowledged. */
  public long arrived() {
    return arrived.get();
  }

  @Override
  public void close() {
    producer.close();
  }

  private void throwFailure() {
    Exception failed = failure.get();
    if (failed != null) {
      throw new AfinaException(
          ExitCode.UNREACHABLE,
          "the broker did not take a record: %s".formatted(failed.getMessage()),
          failed);
    }
  }
}

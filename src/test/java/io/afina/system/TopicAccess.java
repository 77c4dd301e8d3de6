package io.afina.system;

import static org.awaitility.Awaitility.await;

import io.afina.config.AfinaConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads and writes a topic as somebody who may not be allowed to. */
final class TopicAccess {

  private TopicAccess() {}

  static KafkaConsumer<byte[], byte[]> consumer(AfinaConfig config) {
    return new KafkaConsumer<>(
        Map.copyOf(config.kafka()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static KafkaProducer<byte[], byte[]> producer(AfinaConfig config) {
    return new KafkaProducer<>(
        Map.copyOf(config.kafka()), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Reads the beginning; gives up when nothing was refused meanwhile. */
  static void read(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    TopicPartition first = new TopicPartition(topic, 0);
    consumer.assign(List.of(first));
    consumer.seek(first, 0);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
  }

  static void write(KafkaProducer<byte[], byte[]> producer, String topic)
      throws ExecutionException, InterruptedException {
    producer.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {1})).get();
  }
}

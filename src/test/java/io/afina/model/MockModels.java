package io.afina.model;

import io.afina.event.ModelKey;
import io.afina.event.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/** The topic {@code models} with one head, without a cluster. */
public final class MockModels {

  private static final TopicPartition PARTITION = new TopicPartition(Topics.MODELS.name(), 0);

  private MockModels() {}

  public static ModelLog with(Head head) {
    List<MockConsumer<String, byte[]>> consumers = new ArrayList<>();
    ModelLog log = new ModelLog(() -> consumer(consumers));
    MockConsumer<String, byte[]> follows = consumers.get(0);
    follows.addRecord(
        new ConsumerRecord<>(
            PARTITION.topic(),
            PARTITION.partition(),
            0,
            new ModelKey.Head(head.version()).text(),
            Heads.file(head)));
    follows.updateEndOffsets(Map.of(PARTITION, 1L));
    return log;
  }

  private static Consumer<String, byte[]> consumer(List<MockConsumer<String, byte[]>> all) {
    MockConsumer<String, byte[]> consumer =
        new MockConsumer<>("earliest") {
          /** Kafka's own does not wait, and whoever follows it would never rest. */
          @Override
          public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            ConsumerRecords<String, byte[]> found = super.poll(timeout);
            if (found.isEmpty()) {
              LockSupport.parkNanos(timeout.toNanos());
            }
            return found;
          }
        };
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    all.add(consumer);
    return consumer;
  }
}

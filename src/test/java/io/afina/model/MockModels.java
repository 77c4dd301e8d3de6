package io.afina.model;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topic {@code models} with one head, without a cluster. */
public final class MockModels {

  private static final TopicPartition PARTITION = new TopicPartition(TOPICS.models().name(), 0);

  private MockModels() {}

  public static ModelLog with(Head head) {
    return of(Map.of(new ModelKey.Head(head.version()), Heads.file(head)));
  }

  /** The topic with these records, in their order; of the heads only the last can be had. */
  public static ModelLog of(Map<ModelKey, byte[]> records) {
    List<MockConsumer<String, byte[]>> consumers = new ArrayList<>();
    ModelLog log = new ModelLog(PARTITION.topic(), () -> consumer(consumers));
    MockConsumer<String, byte[]> follows = consumers.get(0);
    long offset = 0;
    for (Map.Entry<ModelKey, byte[]> record : records.entrySet()) {
      follows.addRecord(
          new ConsumerRecord<>(
              PARTITION.topic(),
              PARTITION.partition(),
              offset++,
              record.getKey().text(),
              record.getValue()));
    }
    follows.updateEndOffsets(Map.of(PARTITION, offset));
    return log;
  }

  /** One head, to which the champion's alias points. */
  public static ModelLog champion(long version, byte[] file) {
    Map<ModelKey, byte[]> records = new LinkedHashMap<>();
    records.put(new ModelKey.Head(version), file);
    records.put(
        ModelKey.CHAMPION,
        Json.write(new AliasRecord(version, "ada", Instant.EPOCH, "for a test")));
    return of(records);
  }

  private static Consumer<String, byte[]> consumer(List<MockConsumer<String, byte[]>> all) {
    MockConsumer<String, byte[]> consumer =
        new MockConsumer<>("earliest") {
          private volatile @Nullable Thread waiting;

          /** Kafka's own does not wait, and whoever follows it would never rest. */
          @Override
          public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
            ConsumerRecords<String, byte[]> found = super.poll(timeout);
            if (found.isEmpty()) {
              waiting = Thread.currentThread();
              LockSupport.parkNanos(timeout.toNanos());
            }
            return found;
          }

          /** Not synchronized: who waits holds the lock. */
          @Override
          @SuppressWarnings("UnsynchronizedOverridesSynchronized")
          public void wakeup() {
            LockSupport.unpark(waiting);
            super.wakeup();
          }
        };
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    all.add(consumer);
    return consumer;
  }
}

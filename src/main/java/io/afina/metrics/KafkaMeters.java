package io.afina.metrics;

import io.micrometer.core.instrument.Meter;
import java.util.List;

/**
 * Which of the meters of Kafka's clients are kept. Two stream threads alone bring more than eight
 * hundred; those are kept that say whether it flows, how far behind it is and how healthy the
 * clients are.
 */
final class KafkaMeters {

  private static final String PREFIX = "kafka.";

  private static final List<String> KEPT =
      List.of(
          "kafka.stream.state",
          "kafka.stream.alive.stream.threads",
          "kafka.stream.failed.stream.threads",
          "kafka.stream.thread.commit.",
          "kafka.stream.thread.process.",
          "kafka.stream.thread.poll.",
          "kafka.stream.thread.task.",
          "kafka.stream.thread.blocked.time",
          "kafka.stream.task.dropped.records",
          "kafka.stream.task.restore.",
          "kafka.consumer.fetch.manager.records.lag",
          "kafka.consumer.fetch.manager.records.consumed",
          "kafka.consumer.fetch.manager.bytes.consumed",
          "kafka.consumer.fetch.manager.fetch.latency",
          "kafka.consumer.coordinator.rebalance",
          "kafka.consumer.coordinator.failed.rebalance",
          "kafka.consumer.coordinator.assigned.partitions",
          "kafka.consumer.coordinator.last.heartbeat",
          "kafka.consumer.connection.count",
          "kafka.producer.record.send",
          "kafka.producer.record.error",
          "kafka.producer.record.retry",
          "kafka.producer.record.size.max",
          "kafka.producer.request.latency",
          "kafka.producer.txn.",
          "kafka.producer.buffer.available",
          "kafka.producer.connection.count");

  private KafkaMeters() {}

  static boolean isNoise(Meter.Id id) {
    return id.getName().startsWith(PREFIX) && KEPT.stream().noneMatch(id.getName()::startsWith);
  }
}

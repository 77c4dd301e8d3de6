package io.afina.bench;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** Image ids that nobody had before. */
final class BenchIds {

  private final String prefix = UUID.randomUUID() + "/";
  private final int partitions;
  private long next;

  BenchIds(int partitions) {
    this.partitions = partitions;
  }

  /** One that lies where chance puts it. */
  String any() {
    return prefix + next++;
  }

  /** One that Kafka's default partitioner puts into this partition. */
  String in(int partition) {
    String id = any();
    while (partition(id) != partition) {
      id = any();
    }
    return id;
  }

  private int partition(String id) {
    return BuiltInPartitioner.partitionForKey(id.getBytes(StandardCharsets.UTF_8), partitions);
  }
}

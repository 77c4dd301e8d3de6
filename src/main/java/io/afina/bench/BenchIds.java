package io.afina.bench;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** Makes image ids that are new. */
final class BenchIds {

  private final String prefix = UUID.randomUUID() + "/";
  private final int partitions;
  private long next;

  BenchIds(int partitions) {
    this.partitions = partitions;
  }

  /** An id of any partition. */
  String any() {
    return prefix + next++;
  }

  /** An id that Kafka's default partitioner puts into this partition. */
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

package io.afina.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.config.AfinaConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.apache.kafka.common.utils.Utils;

/**
 * Knows the home of each image id: the partition to which Kafka's default partitioner brings it,
 * and where its image and its corrections meet, whoever published them where. Safe for any thread.
 */
public final class Homes {

  private final IntSupplier ask;
  private volatile int partitions;

  private Homes(IntSupplier ask) {
    this.ask = ask;
  }

  /** Among so many partitions. */
  public static Homes among(int partitions) {
    return new Homes(() -> partitions);
  }

  /**
   * Among those that {@code images} has, which the cluster is asked for when the first home is: an
   * {@link io.afina.lifecycle.AfinaException} says why it does not tell.
   */
  public static Homes of(AfinaConfig config) {
    String images = config.topics().images().name();
    return new Homes(
        () -> {
          try (ClusterCalls cluster = ClusterCalls.connect(Map.copyOf(config.kafka()))) {
            var topics = cluster.admin().describeTopics(List.of(images)).allTopicNames();
            return Objects.requireNonNull(cluster.await(topics).get(images)).partitions().size();
          }
        });
  }

  /** The home of an image id. */
  public int of(String id) {
    return of(id.getBytes(UTF_8), partitions());
  }

  /** The partition to which Kafka's default partitioner brings a key. */
  public static int of(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  private int partitions() {
    if (partitions == 0) {
      partitions = ask.getAsInt();
    }
    return partitions;
  }
}

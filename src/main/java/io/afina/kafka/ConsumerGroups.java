package io.afina.kafka;

import io.afina.config.AfinaConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What consumer groups have committed. */
public final class ConsumerGroups {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerGroups.class);

  private ConsumerGroups() {}

  /** The offsets from which a group goes on, by partition; none where there is no such group. */
  public static Map<TopicPartition, OffsetAndMetadata> committed(
      ClusterCalls cluster, String group) {
    return cluster
        .awaitIfAny(
            cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group),
            Set.of(GroupIdNotFoundException.class))
        .orElse(Map.of());
  }

  /**
   * Lets a group without members begin anew with the first records of a topic; whether it does: not
   * while it has members.
   */
  public static boolean rewind(AfinaConfig config, String group, String topic) {
    try (Consumer<byte[], byte[]> consumer =
        KafkaSettings.reader(config).require(ConsumerConfig.GROUP_ID_CONFIG, group).consumer()) {
      Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
      for (TopicPartition partition : TopicFollower.partitions(consumer, topic)) {
        first.put(partition, new OffsetAndMetadata(0));
      }
      consumer.assign(first.keySet());
      Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(first.keySet());
      first.keySet().removeIf(partition -> committed.get(partition) == null);
      if (!first.isEmpty()) {
        consumer.commitSync(first);
      }
      return true;
    } catch (KafkaException e) {
      LOG.atDebug().addKeyValue("group", group).setCause(e).log("group cannot be rewound yet");
      return false;
    }
  }
}

package io.afina.kafka;

import io.afina.lifecycle.AfinaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * How far a consumer group is in a topic.
 *
 * @param done records that it has behind it
 * @param all records from the beginning of the topic to its end, by their offsets: compaction
 *     leaves fewer
 */
public record GroupProgress(long done, long all) {

  /**
   * Asks the cluster.
   *
   * @return empty when there is no such topic
   * @throws AfinaException when the cluster does not answer or refuses
   */
  public static Optional<GroupProgress> of(ClusterCalls cluster, String group, String topic) {
    return cluster
        .awaitIfAny(
            Objects.requireNonNull(
                cluster.admin().describeTopics(List.of(topic)).topicNameValues().get(topic)),
            Set.of(UnknownTopicOrPartitionException.class))
        .map(
            description ->
                of(
                    cluster,
                    group,
                    description.partitions().stream()
                        .map(TopicPartitionInfo::partition)
                        .map(number -> new TopicPartition(topic, number))
                        .toList()));
  }

  private static GroupProgress of(
      ClusterCalls cluster, String group, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> begins = offsets(cluster, partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(cluster, partitions, OffsetSpec.latest());
    Map<TopicPartition, OffsetAndMetadata> committed = ConsumerGroups.committed(cluster, group);
    long done = 0;
    long all = 0;
    for (TopicPartition partition : partitions) {
      long begin = Objects.requireNonNull(begins.get(partition));
      OffsetAndMetadata at = committed.get(partition);
      all += Objects.requireNonNull(ends.get(partition)) - begin;
      done += at == null ? 0 : Math.max(0, at.offset() - begin);
    }
    return new GroupProgress(done, all);
  }

  private static Map<TopicPartition, Long> offsets(
      ClusterCalls cluster, List<TopicPartition> partitions, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, spec));
    KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> answer =
        cluster.admin().listOffsets(asked).all();
    Map<TopicPartition, Long> offsets = new HashMap<>();
    cluster.await(answer).forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }
}

package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.kafka.ClusterCalls;
import io.afina.lifecycle.AfinaException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster how far the classifiers are with embedding the kept pictures by another
 * backbone: which offsets their consumer group has committed on {@code pictures}. For one thread.
 */
final class ReembeddingProgress implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReembeddingProgress.class);

  /** The digits of a backbone's id in the name of the group. */
  private static final int DIGITS = 12;

  private final AfinaConfig config;
  private @Nullable ClusterCalls cluster;

  /** The ends of the partitions when this was asked last. */
  private Map<TopicPartition, Long> ends = Map.of();

  ReembeddingProgress(AfinaConfig config) {
    this.config = config;
  }

  /**
   * Whether all pictures are embedded that were there when this was asked last; what they became is
   * then on its way to {@code training}, or there. False where the cluster does not say.
   *
   * @param backbone that embeds them
   */
  boolean hasCaughtUp(String backbone) {
    try {
      ClusterCalls calls = cluster == null ? connect() : cluster;
      Map<TopicPartition, Long> done = committed(calls, backbone);
      boolean all = !ends.isEmpty() && hasReached(ends, done);
      ends = ends(calls);
      return all;
    } catch (AfinaException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("progress of the upgrade is not known");
      return false;
    }
  }

  /** Whether no offset is missing before these ends. */
  static boolean hasReached(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> committed) {
    return ends.entrySet().stream()
        .allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  /** Begins anew, as for another backbone. */
  @Override
  public void close() {
    ends = Map.of();
    if (cluster != null) {
      cluster.close();
      cluster = null;
    }
  }

  private ClusterCalls connect() {
    cluster = ClusterCalls.connect(Map.copyOf(config.kafka()));
    return cluster;
  }

  private Map<TopicPartition, Long> committed(ClusterCalls calls, String backbone) {
    String digits = backbone.substring(0, Math.min(DIGITS, backbone.length()));
    String group = config.classifier().applicationId() + "-embed-" + digits;
    Map<TopicPartition, Long> offsets = new HashMap<>();
    calls
        .awaitIfAny(
            calls.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
            Set.of(GroupIdNotFoundException.class))
        .ifPresent(
            all ->
                all.forEach(
                    (partition, at) -> offset(at).ifPresent(o -> offsets.put(partition, o))));
    return offsets;
  }

  /** Kafka gives null for a partition of which nothing is committed. */
  private static Optional<Long> offset(@Nullable OffsetAndMetadata committed) {
    return Optional.ofNullable(committed).map(OffsetAndMetadata::offset);
  }

  private Map<TopicPartition, Long> ends(ClusterCalls calls) {
    String topic = config.topics().pictures().name();
    Admin admin = calls.admin();
    Map<TopicPartition, OffsetSpec> latest =
        calls
            .awaitIfAny(
                admin.describeTopics(Set.of(topic)).topicNameValues().get(topic),
                Set.of(UnknownTopicOrPartitionException.class))
            .map(
                there ->
                    there.partitions().stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest())))
            .orElse(Map.of());
    return calls.await(admin.listOffsets(latest).all()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, end -> end(end.getValue())));
  }

  private static long end(ListOffsetsResultInfo info) {
    return info.offset();
  }
}

package io.afina.topic;

import io.afina.kafka.ClusterCalls;
import io.afina.topic.ClusterState.ExistingTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Reads the state of a cluster's topics, for {@link TopicAdmin}, which owns the connection. */
final class TopicReader {

  private static final Set<Class<?>> NO_TOPIC = Set.of(UnknownTopicOrPartitionException.class);

  /** A broker that does not know a kind of group has none of it. */
  private static final Set<Class<?>> NO_GROUP =
      Set.of(GroupIdNotFoundException.class, UnsupportedVersionException.class);

  private final ClusterCalls cluster;
  private final Admin admin;

  TopicReader(ClusterCalls cluster) {
    this.cluster = cluster;
    this.admin = cluster.admin();
  }

  /**
   * Reads those of these topics that exist, all changelogs, and whether what is to be deleted is in
   * use.
   */
  ClusterState read(Collection<String> wanted, PlanRequest request) {
    List<String> names = new ArrayList<>(wanted);
    names.addAll(request.prune());
    names.addAll(changelogs(request));
    Map<String, TopicDescription> found = describe(names);
    Map<String, Map<String, String>> configurations = configurations(found.keySet());
    Map<String, ExistingTopic> topics = new TreeMap<>();
    found.forEach(
        (name, topic) ->
            topics.put(
                name,
                new ExistingTopic(
                    name,
                    topic.partitions().size(),
                    topic.partitions().get(0).replicas().size(),
                    configurations.getOrDefault(name, Map.of()))));
    return new ClusterState(
        topics, request.prune().isEmpty() ? 0 : members(request.applicationId()));
  }

  /** The names of the changelogs that there are of the classifiers' stores. */
  List<String> changelogs(PlanRequest request) {
    ListTopicsOptions all = new ListTopicsOptions().listInternal(true);
    return cluster.await(admin.listTopics(all).names()).stream()
        .filter(request::isChangelog)
        .toList();
  }

  /** Describes those that exist. */
  Map<String, TopicDescription> describe(Collection<String> topics) {
    Map<String, TopicDescription> found = new TreeMap<>();
    admin
        .describeTopics(topics)
        .topicNameValues()
        .forEach(
            (name, future) ->
                cluster.awaitIfAny(future, NO_TOPIC).ifPresent(topic -> found.put(name, topic)));
    return found;
  }

  private Map<String, Map<String, String>> configurations(Collection<String> topics) {
    List<ConfigResource> resources = topics.stream().map(TopicReader::resource).toList();
    return cluster.await(admin.describeConfigs(resources).all()).entrySet().stream()
        .collect(
            Collectors.toMap(entry -> entry.getKey().name(), entry -> values(entry.getValue())));
  }

  private static Map<String, String> values(Config config) {
    return config.entries().stream()
        .filter(entry -> entry.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  /** Kafka tells two kinds of groups apart, and which one it is depends on group.protocol. */
  private int members(String group) {
    List<String> groups = List.of(group);
    return members(admin.describeConsumerGroups(groups).all(), found -> found.members().size())
        + members(admin.describeStreamsGroups(groups).all(), found -> found.members().size());
  }

  private <G> int members(KafkaFuture<Map<String, G>> groups, ToIntFunction<G> size) {
    return cluster
        .awaitIfAny(groups, NO_GROUP)
        .map(found -> found.values().stream().mapToInt(size).sum())
        .orElse(0);
  }

  static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }
}

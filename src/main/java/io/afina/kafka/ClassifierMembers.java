package io.afina.kafka;

import io.afina.config.AfinaConfig;
import io.afina.event.ClassifierMember;
import io.afina.event.Topic;
import io.afina.lifecycle.AfinaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Reads which backbones the classifiers have loaded. Who must say so is the consumer group's to
 * tell: whoever ended without a word is not in it any more. For one thread.
 */
public final class ClassifierMembers implements AutoCloseable {

  private static final Set<Class<?>> ABSENT = Set.of(GroupIdNotFoundException.class);

  /** What Kafka Streams adds to the name of a process. */
  private static final String THREAD = "-StreamThread-[0-9]+-consumer$";

  private final AfinaConfig config;
  private final ClusterCalls cluster;
  private final Map<String, ClassifierMember> said = new HashMap<>();
  private @Nullable TopicFollower<String, ClassifierMember> follower;

  /** Connects to the cluster that the configuration names; nothing is asked of it yet. */
  public ClassifierMembers(AfinaConfig config) {
    this.config = config;
    this.cluster = ClusterCalls.connect(Map.copyOf(config.kafka()));
  }

  /**
   * The members of the classifiers' group by their names, and what each has said; empty of one that
   * has said nothing: of an earlier version, or just starting.
   *
   * @throws AfinaException when the cluster does not answer or refuses
   */
  public Map<String, Optional<ClassifierMember>> read() {
    String group = config.classifier().applicationId();
    if (follower == null) {
      follower = follow();
    }
    follower.readToEnd();
    Map<String, Optional<ClassifierMember>> members = new TreeMap<>();
    cluster
        .awaitIfAny(
            Objects.requireNonNull(
                cluster
                    .admin()
                    .describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)),
            ABSENT)
        .ifPresent(
            description ->
                description
                    .members()
                    .forEach(
                        member -> {
                          String name = member.clientId().replaceFirst(THREAD, "");
                          members.put(name, Optional.ofNullable(said.get(group + "/" + name)));
                        }));
    return members;
  }

  /**
   * Why members of the group do not have a backbone, by their names; empty when all have it.
   *
   * @param backbone the SHA-256 of its file in hex
   * @throws AfinaException when the cluster does not answer or refuses
   */
  public Map<String, String> without(String backbone) {
    return without(backbone, read());
  }

  /** The same, of what was read before. */
  public static Map<String, String> without(
      String backbone, Map<String, Optional<ClassifierMember>> members) {
    Map<String, String> without = new TreeMap<>();
    members.forEach(
        (name, said) -> {
          if (said.filter(member -> member.has(backbone)).isEmpty()) {
            without.put(
                name,
                said.map(member -> member.refused().getOrDefault(backbone, "is loading it"))
                    .orElse(
                        "has not said what it has loaded: it is starting, or of an earlier version"));
          }
        });
    return without;
  }

  private TopicFollower<String, ClassifierMember> follow() {
    Topic<String, ClassifierMember> topic = config.topics().members();
    return TopicFollower.fromBeginning(
        new KafkaConsumer<>(
            KafkaSettings.reader(config).toMap(),
            topic.keys().deserializer(),
            topic.values().deserializer()),
        topic.name(),
        record -> {
          if (record.value() == null) {
            said.remove(record.key());
          } else {
            said.put(record.key(), record.value());
          }
        });
  }

  @Override
  public void close() {
    if (follower != null) {
      follower.close();
    }
    cluster.close();
  }
}

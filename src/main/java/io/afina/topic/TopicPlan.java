package io.afina.topic;

import io.afina.topic.ClusterState.ExistingTopic;
import io.afina.topic.TopicChange.AlterConfig;
import io.afina.topic.TopicChange.Create;
import io.afina.topic.TopicChange.Delete;
import io.afina.topic.TopicChange.GrowPartitions;
import io.afina.topic.TopicChange.Refused;
import io.afina.topic.TopicSpec.Sizing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * Lists what has to change on a cluster for it to be as {@code topics/} says; pure. Settings that a
 * file does not name are the cluster's own matter and stay as they are.
 */
public record TopicPlan(List<TopicChange> changes) {

  /** What to do about changelogs that do not go with their topics. */
  static final String FORGET =
      "give those topics the old number again, or forget which embeddings belong to which image (pictures of before cannot be corrected then)";

  public TopicPlan {
    changes = List.copyOf(changes);
  }

  /** Compares the files with a cluster. */
  public static TopicPlan of(TopicCatalog catalog, ClusterState cluster, PlanRequest request) {
    Comparison comparison = new Comparison(catalog, cluster, request);
    catalog.topics().forEach(comparison::compare);
    new TreeMap<>(cluster.topics()).values().forEach(comparison::compareChangelog);
    new TreeSet<>(request.prune()).forEach(comparison::prune);
    return new TopicPlan(comparison.changes);
  }

  /** Whether the cluster is as the files say. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** The changes of one kind. */
  public <C extends TopicChange> List<C> of(Class<C> kind) {
    return changes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static final class Comparison {

    private final TopicCatalog catalog;
    private final ClusterState cluster;
    private final PlanRequest request;
    private final Map<String, Integer> copartitioned;
    private final List<TopicChange> changes = new ArrayList<>();

    Comparison(TopicCatalog catalog, ClusterState cluster, PlanRequest request) {
      this.catalog = catalog;
      this.cluster = cluster;
      this.request = request;
      this.copartitioned =
          catalog.topics().stream()
              .filter(spec -> spec.sizing() == Sizing.COPARTITIONED)
              .flatMap(spec -> existing(spec.name()).stream())
              .collect(
                  Collectors.toMap(
                      ExistingTopic::name, ExistingTopic::partitions, (a, b) -> a, TreeMap::new));
    }

    void compare(TopicSpec spec) {
      existing(spec.name())
          .ifPresentOrElse(
              topic -> {
                comparePartitions(spec, topic);
                compareReplication(spec, topic);
                compareConfiguration(spec, topic);
              },
              () -> create(spec));
    }

    void prune(String name) {
      if (catalog.names().contains(name) || !isInternal(name)) {
        refuse(
            name,
            "only internal topics of the classifiers (%s-…-changelog or -repartition) can be pruned"
                .formatted(request.applicationId()));
      } else if (cluster.classifiers() > 0) {
        refuse(
            name,
            "it may be in use, the group %s has %d members: stop the classifiers first; one with an --instance-id counts until its session is over (45 s)"
                .formatted(request.applicationId(), cluster.classifiers()));
      } else if (existing(name).isPresent()) {
        changes.add(new Delete(name));
      }
    }

    private void create(TopicSpec spec) {
      if (spec.sizing() == Sizing.COPARTITIONED && differ()) {
        refuse(
            spec.name(), "it is missing, and its number of partitions is undecided: " + counts());
      } else {
        changes.add(new Create(spec, wanted(spec)));
      }
    }

    private void comparePartitions(TopicSpec spec, ExistingTopic topic) {
      if (spec.sizing() == Sizing.COPARTITIONED) {
        compareCopartitioned(topic);
      } else if (spec.sizing() == Sizing.KEYED) {
        return;
      } else if (topic.partitions() < wanted(spec)) {
        changes.add(new GrowPartitions(spec.name(), topic.partitions(), wanted(spec)));
      } else if (topic.partitions() > wanted(spec)) {
        refuse(
            spec.name(),
            "it has %d partitions and should have %d, but Kafka takes no partition away: make it anew"
                .formatted(topic.partitions(), wanted(spec)));
      }
    }

    /** Any number is right as long as all have it. */
    private void compareCopartitioned(ExistingTopic topic) {
      if (differ()) {
        refuse(
            topic.name(),
            "co-partitioned topics must have the same number of partitions, but %s; adding some would move keys"
                    .formatted(counts())
                + " away from their embeddings: make the topics that are wrong anew");
      } else if (request.partitions() != null && request.partitions() != topic.partitions()) {
        refuse(
            topic.name(),
            "it has %d partitions, and another number would move keys away from their embeddings: only new topics can have %d"
                .formatted(topic.partitions(), request.partitions()));
      }
    }

    private void compareReplication(TopicSpec spec, ExistingTopic topic) {
      Short wanted = spec.replication();
      if (wanted != null && wanted != topic.replication()) {
        refuse(
            spec.name(),
            "it has %d copies and should have %d: move them with kafka-reassign-partitions"
                .formatted(topic.replication(), wanted));
      }
    }

    private void compareConfiguration(TopicSpec spec, ExistingTopic topic) {
      new TreeMap<>(spec.configuration())
          .forEach(
              (key, to) -> {
                String from = topic.configuration().getOrDefault(key, "");
                if (!from.equals(to)) {
                  changes.add(new AlterConfig(spec.name(), key, from, to));
                }
              });
    }

    /** One that takes more than is needed stays as it is. */
    void compareChangelog(ExistingTopic topic) {
      if (!request.isChangelog(topic.name()) || request.prune().contains(topic.name())) {
        return;
      }
      Integer peers = peers();
      if (peers != null && peers != topic.partitions()) {
        refuse(
            topic.name(),
            "it has %d partitions, and the topics that it goes with have %d: %s: stop all classifiers, apply with --prune %s, and start them with empty folders for state stores"
                .formatted(topic.partitions(), peers, FORGET, topic.name()));
      }
      new TreeMap<>(TopicCatalog.CHANGELOG)
          .forEach(
              (key, to) -> {
                String from = topic.configuration().getOrDefault(key, "");
                boolean enough =
                    key.equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                        ? !from.isEmpty() && Long.parseLong(from) >= Long.parseLong(to)
                        : from.equals(to);
                if (!enough) {
                  changes.add(new AlterConfig(topic.name(), key, from, to));
                }
              });
    }

    private int wanted(TopicSpec spec) {
      Integer peers = spec.sizing() == Sizing.FIXED ? null : peers();
      return peers == null ? spec.partitions() : peers;
    }

    /**
     * The partitions that the co-partitioned topics have, or shall have; null if neither is known.
     */
    private @Nullable Integer peers() {
      if (copartitioned.isEmpty()) {
        return request.partitions();
      }
      return differ() ? null : copartitioned.values().iterator().next();
    }

    private boolean differ() {
      return copartitioned.values().stream().distinct().count() > 1;
    }

    private String counts() {
      return copartitioned.entrySet().stream()
          .map(entry -> "%s has %d".formatted(entry.getKey(), entry.getValue()))
          .collect(Collectors.joining(", "));
    }

    private boolean isInternal(String name) {
      return request.isChangelog(name) || request.isRepartition(name);
    }

    private Optional<ExistingTopic> existing(String name) {
      return Optional.ofNullable(cluster.topics().get(name));
    }

    private void refuse(String topic, String reason) {
      changes.add(new Refused(topic, reason));
    }
  }
}

package io.afina.erasure;

import io.afina.config.AfinaConfig;
import io.afina.kafka.ClusterCalls;
import io.afina.topic.TopicCatalog;
import io.afina.topic.TopicSpec;
import io.afina.topic.TopicSpec.Sizing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * A topic on which images may be, with what its settings on the cluster say about when records go.
 *
 * @param sizing of the topic; null of a changelog
 * @param settings all of them, by Kafka's names
 */
record ErasableTopic(String name, @Nullable Sizing sizing, Map<String, String> settings) {

  /** How often brokers look for what is too old, by default. */
  private static final Duration CHECK = Duration.ofMinutes(5);

  /** All topics of the installation, and the changelogs of its classifiers. */
  static List<ErasableTopic> all(AfinaConfig config, ClusterCalls cluster) {
    Map<String, Optional<Sizing>> names = new TreeMap<>();
    for (TopicSpec spec : TopicCatalog.load(config.topics()).topics()) {
      names.put(spec.name(), Optional.of(spec.sizing()));
    }
    String application = config.classifier().applicationId() + "-";
    cluster.await(cluster.admin().listTopics().names()).stream()
        .filter(name -> name.startsWith(application))
        .filter(name -> name.endsWith("-changelog") || name.endsWith("-repartition"))
        .forEach(name -> names.put(name, Optional.empty()));
    List<ConfigResource> resources =
        names.keySet().stream()
            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
            .toList();
    List<ErasableTopic> all = new ArrayList<>();
    cluster
        .await(cluster.admin().describeConfigs(resources).all())
        .forEach(
            (topic, entries) ->
                all.add(
                    new ErasableTopic(
                        topic.name(),
                        Objects.requireNonNull(names.get(topic.name())).orElse(null),
                        entries.entries().stream()
                            .filter(entry -> entry.value() != null)
                            .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)))));
    return List.copyOf(all);
  }

  /** Whether the last record of a key stays and replaces those before. */
  boolean isCompacted() {
    return cleanup().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  /** Whether its records are about more than one image. */
  boolean isShared() {
    return sizing == Sizing.FIXED;
  }

  /** Whether no record goes because it is old. */
  boolean isCompactedOnly() {
    return cleanup().equals(TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  /**
   * When a record has gone because it is old, at the latest: with its segment, which may be written
   * for a while yet; empty where records do not grow old.
   */
  Optional<Instant> goneBy(long timestamp) {
    long retention = millis(TopicConfig.RETENTION_MS_CONFIG);
    return retention < 0
        ? Optional.empty()
        : Optional.of(
            Instant.ofEpochMilli(timestamp)
                .plusMillis(retention)
                .plusMillis(millis(TopicConfig.SEGMENT_MS_CONFIG))
                .plus(CHECK)
                .truncatedTo(ChronoUnit.MINUTES));
  }

  /** When a record that has been replaced is gone. */
  String compaction() {
    long lag = millis(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG);
    return "gone once Kafka has compacted its partition, %s; its id goes with the tombstone, %s later"
        .formatted(
            lag == Long.MAX_VALUE
                ? "for which max.compaction.lag.ms sets no limit"
                : "which the first record that comes %s from now brings about"
                    .formatted(hours(lag)),
            hours(millis(TopicConfig.DELETE_RETENTION_MS_CONFIG)));
  }

  private static String hours(long millis) {
    Duration time = Duration.ofMillis(millis);
    return time.toHours() > 0 ? time.toHours() + " h" : time.toSeconds() + " s";
  }

  private String cleanup() {
    return settings.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
  }

  private long millis(String setting) {
    return Long.parseLong(settings.getOrDefault(setting, "0"));
  }
}

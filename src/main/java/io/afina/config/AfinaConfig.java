package io.afina.config;

import static io.afina.config.InvalidConfigException.require;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration, valid once it exists. The defaults and the meaning of every key stand in
 * {@code afina.yaml} beside this class; {@link ConfigLoader} says what overrides what.
 *
 * @param kafka settings for every Kafka client, by their own names, passed through untouched
 */
public record AfinaConfig(
    Map<String, String> kafka,
    Backbone backbone,
    Pictures pictures,
    Classifier classifier,
    Trainer trainer) {

  /** What exactly-once, the topology and the trainer's fencing rest on is not open to be set. */
  private static final Set<String> MANAGED =
      Set.of(
          "application.id",
          "group.id",
          "enable.auto.commit",
          "isolation.level",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "transactional.id");

  public AfinaConfig {
    kafka = Map.copyOf(new TreeMap<>(kafka));
    for (String key : kafka.keySet()) {
      require(!MANAGED.contains(key), "kafka." + key, "set", "left out: Afina manages it itself");
    }
    require(!bootstrapServers(kafka).isBlank(), "kafka.bootstrap.servers", "blank", "host:port");
  }

  /** Where the cluster is. */
  public String bootstrapServers() {
    return bootstrapServers(kafka);
  }

  private static String bootstrapServers(Map<String, String> kafka) {
    return kafka.getOrDefault("bootstrap.servers", "");
  }

  /**
   * Which backbone, and how it runs.
   *
   * @param address a file, a {@code djl://} address, {@code bundled:<file>}, or null for the one in
   *     the jar
   * @param engineThreads threads of the engine for one prediction
   */
  public record Backbone(@Nullable String address, int engineThreads) {
    public Backbone {
      require(engineThreads >= 1, "backbone.engineThreads", engineThreads, "1 or more");
    }
  }

  /**
   * What a picture may be at most; checked before its pixels are decoded.
   *
   * @param maxBytes the largest encoded picture
   * @param maxPixels the largest decoded picture, width times height
   * @param maxKeyBytes the longest image id, in bytes of UTF-8
   */
  public record Pictures(int maxBytes, long maxPixels, int maxKeyBytes) {
    public Pictures {
      require(maxBytes >= 1, "pictures.maxBytes", maxBytes, "1 or more");
      require(
          maxPixels >= 1 && maxPixels <= 1_000_000_000L,
          "pictures.maxPixels",
          maxPixels,
          "between 1 and 1,000,000,000");
      require(maxKeyBytes >= 1, "pictures.maxKeyBytes", maxKeyBytes, "1 or more");
    }
  }

  /**
   * The role that classifies.
   *
   * @param applicationId names the group of classifiers, their transactions and their internal
   *     topics
   * @param instanceId sets static membership: the name of this process among the classifiers
   * @param threads stream threads in this process; 0 for one a core
   * @param guarantee exactly_once_v2 or at_least_once
   * @param commitInterval how long a transaction may take: predictions become visible at its end
   * @param batchSize pictures that the backbone takes at once, at most as many as there are
   *     threads; 0 for 64 on a GPU and 1 elsewhere
   * @param batchWait how long the first picture of a batch waits for others
   * @param engineAttempts how often the engine is asked before a picture on which it fails is set
   *     aside
   * @param embeddingRetention how long an embedding waits for its correction
   * @param correctionPatience how long a correction waits for its image
   * @param stateDir where the state stores are, or null for a folder of the system for temporary
   *     files
   */
  public record Classifier(
      String applicationId,
      @Nullable String instanceId,
      int threads,
      String guarantee,
      Duration commitInterval,
      int batchSize,
      Duration batchWait,
      int engineAttempts,
      Duration embeddingRetention,
      Duration correctionPatience,
      @Nullable String stateDir) {

    private static final Set<String> GUARANTEES = Set.of("exactly_once_v2", "at_least_once");

    public Classifier {
      require(!applicationId.isBlank(), "classifier.applicationId", "blank", "a name");
      require(threads >= 0, "classifier.threads", threads, "0 for one a core, or more");
      require(
          GUARANTEES.contains(guarantee),
          "classifier.guarantee",
          guarantee,
          "one of " + GUARANTEES);
      requirePositive("classifier.commitInterval", commitInterval);
      require(
          batchSize >= 0, "classifier.batchSize", batchSize, "0 for what fits the device, or more");
      requirePositive("classifier.batchWait", batchWait);
      require(engineAttempts >= 1, "classifier.engineAttempts", engineAttempts, "1 or more");
      requirePositive("classifier.embeddingRetention", embeddingRetention);
      requirePositive("classifier.correctionPatience", correctionPatience);
    }
  }

  /**
   * The role that trains.
   *
   * @param group names the trainers that elect one leader
   * @param minNewExamples trains as soon as so many examples are new
   * @param interval trains after this time even if fewer are new
   * @param hidden width of a hidden layer, or 0 for a dense head
   * @param seed of every random choice
   */
  public record Trainer(
      String group, int minNewExamples, Duration interval, int hidden, long seed) {
    public Trainer {
      require(!group.isBlank(), "trainer.group", "blank", "a name");
      require(minNewExamples >= 1, "trainer.minNewExamples", minNewExamples, "1 or more");
      requirePositive("trainer.interval", interval);
      require(
          hidden >= 0 && hidden <= 65_536,
          "trainer.hidden",
          hidden,
          "0 for a dense head, or up to 65,536");
    }
  }

  private static void requirePositive(String key, Duration value) {
    require(
        !value.isNegative() && !value.isZero(),
        key,
        value,
        "longer than nothing, such as 100ms, 5s, 12h or 7d");
  }
}

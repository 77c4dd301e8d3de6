package io.afina.config;

import static io.afina.config.InvalidConfigException.require;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The whole configuration, valid once it exists. {@code afina.yaml} beside this class documents
 * every key and its default; {@link ConfigLoader} says what overrides what.
 *
 * @param kafka settings for every Kafka client, by their own names, passed through untouched
 */
public record AfinaConfig(
    Map<String, String> kafka,
    BackboneConfig backbone,
    PicturesConfig pictures,
    ClassifierConfig classifier,
    ReviewConfig review,
    TrainerConfig trainer,
    LabellingConfig labelling,
    StartupConfig startup,
    ManagementConfig management) {

  /** Kafka settings that exactly-once, the topology and the trainer's fencing rely on. */
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
    String servers = kafka.getOrDefault("bootstrap.servers", "");
    require(!servers.isBlank(), "kafka.bootstrap.servers", "blank", "host:port");
  }
}

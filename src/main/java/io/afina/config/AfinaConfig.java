package io.afina.config;

import static io.afina.config.InvalidConfigException.require;

import io.afina.event.Topics;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration, valid once it exists. {@code afina.yaml} beside this class documents
 * every key and its default; {@link ConfigLoader} says what overrides what.
 *
 * @param kafka settings for every Kafka client, by their own names, passed through untouched
 * @param topics of this installation, by their names on the cluster
 */
public record AfinaConfig(
    Map<String, String> kafka,
    Topics topics,
    BackboneConfig backbone,
    PicturesConfig pictures,
    ClassifierConfig classifier,
    ReviewConfig review,
    TrainerConfig trainer,
    DecideConfig decide,
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

  /** What Kafka takes in names of topics, which are 249 long at most. */
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]*");

  private static final int LONGEST_PREFIX = 200;

  /** It begins the names of changelogs; the longest is that of embeddings. */
  private static final int LONGEST_ID = 249 - "-embeddings-changelog".length();

  /** What rules for changelogs name them by: what begins so may be another installation's. */
  private static final String CHANGELOGS = "afina-classifier-";

  public AfinaConfig {
    kafka = Map.copyOf(new TreeMap<>(kafka));
    for (String key : kafka.keySet()) {
      require(!MANAGED.contains(key), "kafka." + key, "set", "left out: Afina manages it itself");
    }
    String servers = kafka.getOrDefault("bootstrap.servers", "");
    require(!servers.isBlank(), "kafka.bootstrap.servers", "blank", "host:port");
    String prefix = topics.prefix();
    require(
        isLegal(prefix, LONGEST_PREFIX) && !prefix.contains(CHANGELOGS),
        "topics.prefix",
        prefix,
        "empty, or up to 200 letters (a to z, A to Z), digits, '.', '_' and '-', without "
            + CHANGELOGS);
    require(
        isLegal(classifier.applicationId(), LONGEST_ID),
        "classifier.applicationId",
        classifier.applicationId(),
        "up to 228 letters (a to z, A to Z), digits, '.', '_' and '-'");
  }

  private static boolean isLegal(@Nullable String name, int longest) {
    return name != null && name.length() <= longest && LEGAL.matcher(name).matches();
  }
}

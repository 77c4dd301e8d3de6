package io.afina.kafka;

import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Merges the settings of one Kafka client: what Afina recommends, overridden by what the user set,
 * overridden by what Afina relies on.
 */
public final class KafkaSettings {

  private static final int METADATA_AGE_MILLIS = 30_000;
  private static final int HEARTBEAT_MILLIS = 1_500;
  private static final int DYNAMIC_SESSION_MILLIS = 6_000;
  private static final int STATIC_SESSION_MILLIS = 45_000;

  private final Map<String, String> user;
  private final Map<String, Object> recommended = new HashMap<>();
  private final Map<String, Object> required = new HashMap<>();

  public KafkaSettings(AfinaConfig config) {
    this.user = config.kafka();
    // Kafka's default, five minutes, is how long new partitions of a topic would stay unread.
    recommend(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MILLIS);
  }

  /** Settings of a consumer that reads committed records and keeps its own place. */
  public static KafkaSettings reader(AfinaConfig config) {
    return new KafkaSettings(config)
        .require(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
        .require(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
  }

  /**
   * Settings of a consumer that shares its work with those of other classifiers: one with a name
   * keeps its share for as long as it may take to come back, any other's is taken over soon.
   *
   * @param key gives a setting its name, which has a prefix for Kafka Streams
   */
  public KafkaSettings member(ClassifierConfig classifier, UnaryOperator<String> key) {
    String name = classifier.instanceId();
    if (name != null) {
      require(key.apply(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), name);
    }
    return recommend(
            key.apply(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
            name == null ? DYNAMIC_SESSION_MILLIS : STATIC_SESSION_MILLIS)
        .recommend(key.apply(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), HEARTBEAT_MILLIS);
  }

  /** A default that the user may override. */
  public KafkaSettings recommend(String key, Object value) {
    recommended.put(key, value);
    return this;
  }

  /** A setting that the program's promises rest on. */
  public KafkaSettings require(String key, Object value) {
    required.put(key, value);
    return this;
  }

  /** A consumer of bytes. */
  public KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(toMap(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** All of them. */
  public Map<String, Object> toMap() {
    Map<String, Object> all = new HashMap<>(recommended);
    all.putAll(user);
    all.putAll(required);
    return all;
  }
}

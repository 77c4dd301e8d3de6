package io.afina.kafka;

import io.afina.config.AfinaConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * Settings for one Kafka client: what Afina recommends, overridden by what the user set, overridden
 * by what Afina relies on.
 */
public final class KafkaSettings {

  private final Map<String, String> user;
  private final Map<String, Object> recommended = new HashMap<>();
  private final Map<String, Object> required = new HashMap<>();

  public KafkaSettings(AfinaConfig config) {
    this.user = config.kafka();
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

  /** All of them. */
  public Map<String, Object> toMap() {
    Map<String, Object> all = new HashMap<>(recommended);
    all.putAll(user);
    all.putAll(required);
    return all;
  }
}

package io.afina.config;

import static io.afina.config.InvalidConfigException.require;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Configures which predictions may be used unseen.
 *
 * @param precision share of the accepted predictions that are promised to be right, 0.5 to 0.999;
 *     null for no decisions
 * @param labels other promises for predictions of single labels
 */
public record DecideConfig(@Nullable Double precision, Map<String, Double> labels) {

  private static final double LEAST = 0.5;
  private static final double MOST = 0.999;

  public DecideConfig {
    labels = labels == null ? Map.of() : Map.copyOf(new TreeMap<>(labels));
    requirePrecision("decide.precision", precision);
    labels.forEach((label, own) -> requirePrecision("decide.labels." + label, own));
    require(
        precision != null || labels.isEmpty(),
        "decide.precision",
        "null",
        "a promise for all labels, because decide.labels has some");
  }

  private static void requirePrecision(String key, @Nullable Double value) {
    require(
        value == null || (value >= LEAST && value <= MOST),
        key,
        String.valueOf(value),
        "between 0.5 and 0.999, or null for no decisions");
  }
}

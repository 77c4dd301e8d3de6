package io.afina.config;

import static io.afina.config.InvalidConfigException.requirePositive;

import java.time.Duration;

/**
 * Configures the start of a role.
 *
 * @param brokerPatience how long it waits for a cluster that does not answer
 */
public record StartupConfig(Duration brokerPatience) {
  public StartupConfig {
    requirePositive("startup.brokerPatience", brokerPatience);
  }
}

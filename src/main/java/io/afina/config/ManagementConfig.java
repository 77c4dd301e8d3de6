package io.afina.config;

import static io.afina.config.InvalidConfigException.require;

import org.jspecify.annotations.Nullable;

/**
 * Configures the management port: metrics, health and log levels.
 *
 * @param host address to listen on
 * @param port to listen on, 0 for one that is free, or null for the first free one from 9400 on
 * @param tokenFile file with the token that log levels need, or null: then they are closed
 */
public record ManagementConfig(String host, @Nullable Integer port, @Nullable String tokenFile) {
  public ManagementConfig {
    require(!host.isBlank(), "management.host", "blank", "an address, such as 127.0.0.1");
    require(
        port == null || (port >= 0 && port <= 65_535),
        "management.port",
        port,
        "between 0 and 65,535, or null");
  }
}

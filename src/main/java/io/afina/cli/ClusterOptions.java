package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.config.InvalidConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of every command that needs a configuration: where the cluster is, and whatever else
 * differs from the defaults. {@link ConfigLoader} says what overrides what.
 */
public final class ClusterOptions {

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT[,HOST:PORT...]",
      description = "Brokers of the Kafka cluster; localhost:9092 if nothing names others.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description =
          "Settings for every Kafka client, in Kafka's own form (a properties file): security and all else.")
  private @Nullable Path commandConfig;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML of the form of Afina's defaults, with the keys that differ.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Sets one key of the configuration, such as trainer.interval=1m or kafka.security.protocol=SSL;"
              + " may be repeated, and wins over the files.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /**
   * The configuration that the options make.
   *
   * @throws InvalidConfigException when a file or a value is wrong
   */
  public AfinaConfig config() {
    ConfigLoader loader = ConfigLoader.defaults();
    if (config != null) {
      loader.file(config);
    }
    if (commandConfig != null) {
      loader.kafkaProperties(commandConfig);
    }
    settings.forEach(loader::set);
    return loader.set("kafka.bootstrap.servers", bootstrapServers).load();
  }

  /** Settings of a Kafka client, with where the cluster is. */
  public Map<String, Object> kafka() {
    return Map.copyOf(config().kafka());
  }
}

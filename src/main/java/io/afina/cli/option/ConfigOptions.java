package io.afina.cli.option;

import io.afina.config.ConfigLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that make up the configuration. */
public final class ConfigOptions {

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description =
          "Properties for Kafka's clients, as Kafka's own tools take them: security, timeouts.")
  private @Nullable Path commandConfig;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A YAML file of configuration keys; afina.yaml in the README lists them all.")
  private @Nullable Path configFile;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "One configuration key, such as trainer.interval=10s or kafka.security.protocol=SSL.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /** Everything that was given, over the defaults; a command may set its own options on top. */
  public ConfigLoader loader() {
    ConfigLoader loader = ConfigLoader.defaults();
    if (configFile != null) {
      loader.file(configFile);
    }
    if (commandConfig != null) {
      loader.kafkaProperties(commandConfig);
    }
    settings.forEach(loader::set);
    return loader;
  }
}

package io.afina.cli.option;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that talks to a Kafka cluster. */
public final class ClusterOptions {

  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "HOST:PORT",
      description = "Where the Kafka cluster is; several with commas. Default: localhost:9092.")
  private @Nullable String bootstrapServers;

  @Mixin private ConfigOptions options = new ConfigOptions();

  /** Everything that was given, over the defaults; a command may set its own options on top. */
  public ConfigLoader loader() {
    return options.loader().set("kafka.bootstrap.servers", bootstrapServers);
  }

  /** Settings of a Kafka client, with where the cluster is. */
  public Map<String, Object> kafka() {
    return Map.copyOf(config().kafka());
  }

  /** The configuration of a command that has no options of its own for it. */
  public AfinaConfig config() {
    return loader().load();
  }
}

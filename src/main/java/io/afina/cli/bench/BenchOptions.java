package io.afina.cli.bench;

import io.afina.bench.BenchSettings;
import io.afina.cli.option.BackboneOptions;
import io.afina.cli.option.ConfigOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every kind of bench. */
final class BenchOptions {

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private BackboneOptions backbone = new BackboneOptions();

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "Pictures to measure with; default: drawn ones.")
  private @Nullable Path pictures;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads that decode and infer; default: one a core.")
  private int threads;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How long every figure is measured; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Seconds before it, and ten times as many for the pipeline; default: ${DEFAULT-VALUE}.")
  private int warmUp;

  BenchSettings settings() {
    return new BenchSettings(
        () -> options.loader().set("backbone.address", backbone.address()),
        backbone.address(),
        pictures,
        threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(warmUp));
  }
}

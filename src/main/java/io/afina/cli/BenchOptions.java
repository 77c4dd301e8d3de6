package io.afina.cli;

import io.afina.config.ConfigLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every kind of bench is told. */
final class BenchOptions {

  /** Kafka's clients are much more code than the parts, and the compiler takes its time. */
  private static final int WARM_UP_OF_PIPELINE = 10;

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

  /** A new one for every use: its settings may be changed. */
  ConfigLoader config() {
    return options.loader().set("backbone.address", backbone.address());
  }

  @Nullable String backbone() {
    return backbone.address();
  }

  List<byte[]> samples() {
    return BenchSamples.read(pictures);
  }

  @Nullable Path pictures() {
    return pictures;
  }

  int threads() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  Duration time() {
    return Duration.ofSeconds(seconds);
  }

  Duration warmUp() {
    return Duration.ofSeconds(warmUp);
  }

  Duration warmUpOfPipeline() {
    return Duration.ofSeconds((long) warmUp * WARM_UP_OF_PIPELINE);
  }
}

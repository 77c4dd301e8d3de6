package io.afina.bench;

import io.afina.config.ConfigLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of every kind of bench.
 *
 * @param loaders gives a configuration of its own to every use, which may change it
 * @param backbone its address; null for the bundled one
 * @param pictures the folder to measure with; null for drawn pictures
 * @param threads that decode and infer
 * @param time how long every figure is measured
 * @param warmUp before that, for a part
 */
public record BenchSettings(
    Supplier<ConfigLoader> loaders,
    @Nullable String backbone,
    @Nullable Path pictures,
    int threads,
    Duration time,
    Duration warmUp) {

  /** Kafka's clients are much more code than the parts, and the compiler takes its time. */
  private static final int WARM_UP_OF_PIPELINE = 10;

  ConfigLoader config() {
    return loaders.get();
  }

  List<byte[]> samples() {
    return BenchSamples.read(pictures);
  }

  Duration warmUpOfPipeline() {
    return warmUp.multipliedBy(WARM_UP_OF_PIPELINE);
  }
}

package io.afina.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The bounds of the histograms' buckets: few, so that a scrape stays small. */
final class Buckets {

  /** Of what takes milliseconds: decoding, inference, a prediction as a whole. */
  private static final Duration[] SHORT =
      millis(1, 2, 5, 10, 20, 50, 100, 150, 250, 500, 1_000, 5_000);

  /** Of what takes seconds: training, from a label to the head that learned it. */
  private static final Duration[] LONG =
      millis(100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000);

  private Buckets() {}

  static Timer shortTimer(MeterRegistry registry, String name, String description, String... tags) {
    return timer(registry, name, description, SHORT, tags);
  }

  static Timer longTimer(MeterRegistry registry, String name, String description) {
    return timer(registry, name, description, LONG);
  }

  private static Timer timer(
      MeterRegistry registry, String name, String description, Duration[] bounds, String... tags) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(bounds)
        .tags(tags)
        .register(registry);
  }

  private static Duration[] millis(long... bounds) {
    Duration[] durations = new Duration[bounds.length];
    for (int i = 0; i < bounds.length; i++) {
      durations[i] = Duration.ofMillis(bounds[i]);
    }
    return durations;
  }
}

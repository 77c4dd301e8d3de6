package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Measures the fetching of pictures that image events refer to. */
public record FetchMeters(MeterRegistry registry) {

  private static final String SCHEME = "scheme";

  /**
   * A fetch has ended.
   *
   * @param scheme of its address
   * @param outcome {@code fetched}, or the reason of the dead letter
   */
  public void ended(String scheme, String outcome, Duration time) {
    Buckets.shortTimer(
            registry,
            "afina.picture.fetch",
            "Fetching a picture that an image event refers to, with all attempts, by the outcome.",
            "outcome",
            outcome,
            SCHEME,
            scheme)
        .record(time);
  }

  /** An attempt failed, and another one follows. */
  public void again(String scheme) {
    Counter.builder("afina.picture.fetch.retries")
        .description("Attempts to fetch a picture that failed and were made again.")
        .tag(SCHEME, scheme)
        .register(registry)
        .increment();
  }
}

package io.afina.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/** Measures how many pictures the backbone takes at once. */
public final class BatchMeters {

  private final DistributionSummary size;

  /** Declares them. */
  public BatchMeters(MeterRegistry registry) {
    size =
        DistributionSummary.builder("afina.image.batch")
            .description("Pictures that the backbone took at once.")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
            .register(registry);
  }

  /** The backbone took so many. */
  public void took(int pictures) {
    size.record(pictures);
  }
}

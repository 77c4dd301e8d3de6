package io.afina.metrics;

import io.afina.lifecycle.AfinaVersion;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Says what runs, in tags: the one value is 1. */
public final class BuildMeters {

  private BuildMeters() {}

  /**
   * Declares it.
   *
   * @param backbone the name of the one that is configured, or nothing
   */
  public static void declare(MeterRegistry registry, String backbone) {
    Gauge.builder("afina.build.info", () -> 1)
        .description("What runs: version, Java and backbone, which is empty where none is run.")
        .tag("version", AfinaVersion.number())
        .tag("java", Integer.toString(Runtime.version().feature()))
        .tag("backbone", backbone)
        .register(registry);
  }
}

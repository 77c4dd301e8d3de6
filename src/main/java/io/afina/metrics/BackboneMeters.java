package io.afina.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures the backbones that a classifier has loaded. */
public final class BackboneMeters {

  private final AtomicInteger loaded = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /** Declares them. */
  public BackboneMeters(MeterRegistry registry) {
    Gauge.builder("afina.backbone.loaded", loaded, AtomicInteger::get)
        .description("Backbones that the classifier has loaded: two while one replaces the other.")
        .register(registry);
    Gauge.builder("afina.backbone.refused", refused, AtomicInteger::get)
        .description("Backbones that the registry names and the classifier cannot load.")
        .register(registry);
  }

  /** So many are loaded, and so many could not be. */
  public void loaded(int backbones, int failed) {
    loaded.set(backbones);
    refused.set(failed);
  }
}

package io.afina.metrics;

import io.afina.lifecycle.Closer;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.otel.OpenTelemetrySpanContext;

/**
 * All meters of a process, with those of the JVM and of the process itself: heap, garbage
 * collection, threads, log events by level; processor time, open files and resident memory, which
 * is where native memory shows. What is measured while a sampled span is the current one may become
 * an exemplar.
 */
public final class Metrics implements AutoCloseable {

  private final Closer closer = new Closer();
  private final PrometheusMeterRegistry registry;

  /**
   * Starts measuring.
   *
   * @param role of the process, such as {@code classify}; a tag of every meter of Micrometer's
   */
  public Metrics(String role) {
    registry =
        new PrometheusMeterRegistry(
            PrometheusConfig.DEFAULT,
            new PrometheusRegistry(),
            Clock.SYSTEM,
            new OpenTelemetrySpanContext());
    closer.own(registry::close);
    registry.config().commonTags("role", role).meterFilter(MeterFilter.deny(KafkaMeters::isNoise));
    bind(new JvmMemoryMetrics());
    bind(closer.own(new JvmGcMetrics()));
    bind(closer.own(new JvmHeapPressureMetrics()));
    bind(new JvmThreadMetrics());
    bind(closer.own(new LogbackMetrics()));
    ProcessMetrics.builder().register(scraped());
  }

  /** Where groups of meters are declared. */
  public MeterRegistry registry() {
    return registry;
  }

  /** What Prometheus reads. */
  PrometheusRegistry scraped() {
    return registry.getPrometheusRegistry();
  }

  @Override
  public void close() {
    closer.close();
  }

  private void bind(MeterBinder binder) {
    binder.bindTo(registry);
  }
}

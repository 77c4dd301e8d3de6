package io.afina.metrics;

import io.afina.lifecycle.Closer;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
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
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.MetricNameFilter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.tracer.otel.OpenTelemetrySpanContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * All meters of a process, with those of the JVM and of the process itself: heap, garbage
 * collection, threads, log events by level; processor time, open files and resident memory, which
 * is where native memory shows. What is measured while a sampled span is the current one may become
 * an exemplar.
 */
public final class Metrics implements AutoCloseable {

  private static final ExpositionFormats FORMATS = ExpositionFormats.init();

  /**
   * Which of the meters of Kafka's clients are kept. Two stream threads alone bring almost two
   * thousand, most of them of RocksDB's stores, by task, topic or partition; those are kept that
   * say whether it flows, where the time goes and how healthy the clients are.
   */
  private static final Set<String> KAFKA_KEPT =
      Set.of(
          "kafka.stream.state",
          "kafka.stream.alive.stream.threads",
          "kafka.stream.failed.stream.threads",
          "kafka.stream.thread.process.ratio",
          "kafka.stream.thread.poll.ratio",
          "kafka.stream.thread.commit.ratio",
          "kafka.stream.thread.commit.total",
          "kafka.stream.thread.commit.latency.avg",
          "kafka.stream.thread.blocked.time.ns.total",
          "kafka.stream.thread.task.created.total",
          "kafka.stream.thread.task.closed.total",
          "kafka.consumer.fetch.manager.records.lag.max",
          "kafka.consumer.fetch.manager.records.consumed.total",
          "kafka.consumer.fetch.manager.bytes.consumed.total",
          "kafka.consumer.fetch.manager.fetch.latency.avg",
          "kafka.consumer.coordinator.rebalance.total",
          "kafka.consumer.coordinator.failed.rebalance.total",
          "kafka.consumer.coordinator.assigned.partitions",
          "kafka.consumer.coordinator.last.heartbeat.seconds.ago",
          "kafka.producer.record.send.total",
          "kafka.producer.record.error.total",
          "kafka.producer.record.retry.total",
          "kafka.producer.request.latency.avg",
          "kafka.producer.txn.commit.time.ns.total",
          "kafka.producer.buffer.available.bytes");

  /** Tags of meters of which there is one for each task, topic, partition or broker. */
  private static final List<String> TOO_FINE = List.of("task.id", "topic", "partition", "node.id");

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
    registry.config().commonTags("role", role).meterFilter(MeterFilter.deny(Metrics::isNoise));
    bind(new JvmMemoryMetrics());
    bind(closer.own(new JvmGcMetrics()));
    bind(closer.own(new JvmHeapPressureMetrics()));
    bind(new JvmThreadMetrics());
    bind(closer.own(new LogbackMetrics()));
    ProcessMetrics.builder().register(registry.getPrometheusRegistry());
  }

  /** Where groups of meters are declared. */
  public MeterRegistry registry() {
    return registry;
  }

  /**
   * Answers a scrape in the format that it accepts, OpenMetrics with exemplars or Prometheus's
   * text, with the meters of {@code name[]} where the query names any.
   */
  void scrape(Context ctx) throws IOException {
    List<String> names = ctx.queryParams("name[]");
    PrometheusRegistry all = registry.getPrometheusRegistry();
    MetricSnapshots meters =
        names.isEmpty()
            ? all.scrape()
            : all.scrape(MetricNameFilter.builder().nameMustBeEqualTo(names).build());
    String accept = ctx.header("Accept");
    ExpositionFormatWriter writer = FORMATS.findWriter(accept);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    writer.write(text, meters, EscapingScheme.fromAcceptHeader(accept));
    ctx.contentType(writer.getContentType()).result(text.toByteArray());
  }

  @Override
  public void close() {
    closer.close();
  }

  private static boolean isNoise(Meter.Id id) {
    return id.getName().startsWith("kafka.")
        && (!KAFKA_KEPT.contains(id.getName())
            || TOO_FINE.stream().anyMatch(tag -> id.getTag(tag) != null));
  }

  private void bind(MeterBinder binder) {
    binder.bindTo(registry);
  }
}

package io.afina.cli.service;

import io.afina.backbone.BackboneResolver;
import io.afina.config.AfinaConfig;
import io.afina.labelling.http.LabelServer;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BuildMeters;
import io.afina.metrics.Health;
import io.afina.metrics.ManagementServer;
import io.afina.metrics.Metrics;
import io.afina.metrics.Traces;
import io.afina.trainer.TrainerRunner;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What a process that serves a role shows of itself: spans, meters, health and the port for these.
 */
public final class ManagementService implements AutoCloseable {

  private static final Set<String> WITHOUT_BACKBONE = Set.of("train", "label");

  private final Closer closer = new Closer();
  private final Traces traces;
  private final Metrics metrics;
  private final Health health = new Health();
  private final ManagementServer server;

  /**
   * Starts it.
   *
   * @param role such as {@code classify}
   */
  public ManagementService(String role, AfinaConfig config) {
    try {
      traces = closer.own(Traces.configured(role));
      metrics = closer.own(new Metrics(role));
      BuildMeters.declare(metrics.registry(), backbone(role, config));
      server = closer.own(new ManagementServer(config.management(), metrics, health));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private static String backbone(String role, AfinaConfig config) {
    return WITHOUT_BACKBONE.contains(role)
        ? ""
        : BackboneResolver.name(config.backbone().address());
  }

  public MeterRegistry meters() {
    return metrics.registry();
  }

  public Tracer tracer() {
    return traces.tracer();
  }

  /** Lets a classifier's state show in the health. */
  void watch(ClassifierService classifier) {
    classifier.reportTo(health);
  }

  /** Lets a trainer's state show in the health. */
  void watch(TrainerRunner trainer) {
    health.ready(
        "examples",
        () ->
            trainer.ready().isDone()
                ? Optional.empty()
                : Optional.of("the training examples are being read"));
    health.alive("trainer", trainer.ended());
  }

  /** Lets the states of all roles show in the health. */
  void watch(LocalServices cluster) {
    watch(cluster.classifier());
    watch(cluster.trainer());
  }

  /** Lets a labelling server's state show in the health. */
  void watch(LabelServer server) {
    health.ready("labelling", server::missing);
    health.alive("labelling", server.ended());
  }

  /** All that the process consists of is watched: it has started, and may be ready. */
  void complete() {
    health.complete();
  }

  public URI address() {
    return server.address();
  }

  @Override
  public void close() {
    closer.close();
  }
}

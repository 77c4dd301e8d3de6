package io.afina.cli.service;

import io.afina.backbone.Backbone;
import io.afina.backbone.pool.BackbonePool;
import io.afina.classifier.ClassifierRunner;
import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import io.afina.metrics.HeadMeters;
import io.afina.metrics.Health;
import io.afina.model.HeadFollower;
import io.afina.model.HeadRefusedException;
import io.afina.model.HeadSlot;
import io.afina.model.ModelLog;
import io.afina.model.SwapResult;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Wires and runs the classifier: backbone, heads and streams, closed in reverse. */
public final class ClassifierService implements AutoCloseable {

  private final Closer closer = new Closer();
  private final Backbone backbone;
  private final HeadFollower follower;
  private final BackbonePool backbones;
  private final ClassifierRunner runner;

  /** Starts it; {@code report} is told of every head that is swapped in or refused. */
  public ClassifierService(
      AfinaConfig config, MeterRegistry meters, Tracer tracer, Consumer<SwapResult> report) {
    try {
      backbones =
          closer.own(
              BackbonePool.open(config, config.backbone().address(), new BatchMeters(meters)));
      backbone = backbones.loaded().get(0).backbone();
      HeadSlot heads =
          new HeadSlot(
              backbone.id(),
              backbone.card().embeddingSize(),
              TrustedKeys.read(config.classifier().verifyKey()));
      HeadMeters headMeters = new HeadMeters(meters, HeadRefusedException.Refusal.texts());
      follower =
          closer.own(new HeadFollower(ModelLog.open(config), heads, headMeters, tracer, report));
      runner =
          closer.own(new ClassifierRunner(config, backbones.answering(), heads, meters, tracer));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Lets its state show in the health of its process. */
  void reportTo(Health health) {
    health.ready("streams", runner::missing);
    health.ready("champion", follower::missing);
    health.alive("streams", runner.ended());
    health.alive("models", follower.ended());
  }

  public Backbone backbone() {
    return backbone;
  }

  public CompletableFuture<Void> running() {
    return runner.running();
  }

  CompletableFuture<?> ended() {
    return CompletableFuture.anyOf(runner.ended(), follower.ended(), backbones.ended());
  }

  @Override
  public void close() {
    closer.close();
  }
}

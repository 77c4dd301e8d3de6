package io.afina.cli.service;

import io.afina.backbone.Backbone;
import io.afina.backbone.PictureEmbedder;
import io.afina.classifier.ClassifierRunner;
import io.afina.classifier.MemberReporter;
import io.afina.classifier.RegistryBackbones;
import io.afina.config.AfinaConfig;
import io.afina.keeper.KeptPictures;
import io.afina.label.LabelLog;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import io.afina.metrics.HeadMeters;
import io.afina.metrics.Health;
import io.afina.model.HeadFollower;
import io.afina.model.HeadRefusedException;
import io.afina.model.ModelLog;
import io.afina.model.SwapResult;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Wires and runs the classifier: backbone, heads and streams, closed in reverse. */
public final class ClassifierService implements AutoCloseable {

  private final Closer closer = new Closer();
  private final Backbone backbone;
  private final HeadFollower follower;
  private final RegistryBackbones backbones;
  private final LabelLog labels;
  private final ClassifierRunner runner;

  /** Starts it; {@code report} is told of every head that is swapped in or refused. */
  public ClassifierService(
      AfinaConfig config, MeterRegistry meters, Tracer tracer, Consumer<SwapResult> report) {
    try {
      ModelLog log = ModelLog.open(config);
      HeadMeters headMeters = new HeadMeters(meters, HeadRefusedException.Refusal.texts());
      backbones = open(config, log, new BatchMeters(meters), headMeters);
      backbone = backbones.pool().loaded().get(0).backbone();
      follower =
          closer.own(
              new HeadFollower(
                  log,
                  backbones.slot(),
                  headMeters,
                  tracer,
                  result -> {
                    backbones.swapped(result);
                    report.accept(result);
                  },
                  backbones));
      labels = closer.own(new LabelLog(config));
      labels.follow("afina-labels", backbones.slot()::called);
      runner =
          closer.own(
              new ClassifierRunner(
                  config, backbones.pool().answering(), backbones.slot(), meters, tracer));
      backbones.reportTo(new MemberReporter(config, runner.member()));
      closer.own(new KeptPictures(config, meters, kept(backbones)));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private RegistryBackbones open(
      AfinaConfig config, ModelLog log, BatchMeters batches, HeadMeters heads) {
    try {
      return closer.own(RegistryBackbones.open(config, log, batches, heads));
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private static KeptPictures.Backbones kept(RegistryBackbones backbones) {
    return new KeptPictures.Backbones() {

      @Override
      public Set<String> wanted() {
        return backbones.wanted();
      }

      @Override
      public Set<String> finished() {
        return backbones.finished();
      }

      @Override
      public Optional<PictureEmbedder> embedder(String backbone) {
        return backbones.pool().embedder(backbone);
      }
    };
  }

  /** Lets its state show in the health of its process. */
  void reportTo(Health health) {
    health.ready("streams", runner::missing);
    health.ready("champion", follower::missing);
    health.alive("streams", runner.ended());
    health.alive("models", follower.ended());
    health.alive("labels", labels.ended());
  }

  public Backbone backbone() {
    return backbone;
  }

  public CompletableFuture<Void> running() {
    return runner.running();
  }

  CompletableFuture<?> ended() {
    return CompletableFuture.anyOf(
        runner.ended(), follower.ended(), labels.ended(), backbones.pool().ended());
  }

  @Override
  public void close() {
    closer.close();
  }
}

package io.afina.cli.bench;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.DecodingEmbedder;
import io.afina.backbone.EmbeddingBatcher;
import io.afina.bench.SimulatedEngine;
import io.afina.classifier.ClassifierRunner;
import io.afina.cli.option.ConfigOptions;
import io.afina.cli.service.Foreground;
import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Announcement;
import io.afina.metrics.BatchMeters;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Runs a classifier that sleeps in place of inference, for {@code afina bench --scale} and {@code
 * --device}.
 */
@Command(
    name = "bench-classify",
    header = "Classify with a simulated engine, until it is stopped.",
    hidden = true)
public final class BenchClassifyCommand implements Runnable {

  @Mixin private ConfigOptions options;

  @Option(
      names = "--engine-millis",
      required = true,
      paramLabel = "N",
      description = "How long the engine seems to take.")
  private int engineMillis;

  @Option(
      names = "--one-device",
      description = "Whether all threads share one, as a GPU; else each has its own.")
  private boolean oneDevice;

  @Override
  public void run() {
    AfinaConfig config = options.loader().load();
    Backbone backbone =
        new BackboneResolver(config.backbone()).resolve(config.backbone().address());
    HeadSlot heads =
        new HeadSlot(backbone.id(), backbone.card().embeddingSize(), TrustedKeys.anybody());
    Foreground.run(
        services -> {
          MeterRegistry meters = new SimpleMeterRegistry();
          DecodingEmbedder embedder =
              services.own(
                  new DecodingEmbedder(
                      config,
                      backbone,
                      engines(backbone.card().embeddingSize()),
                      Math.max(1, config.classifier().batchSize()),
                      new BatchMeters(meters)));
          ClassifierRunner runner =
              services.own(new ClassifierRunner(config, embedder, heads, meters, Traces.off()));
          return new Foreground.Running(
              runner.running(),
              Announcement.CLASSIFYING + backbone.card().name() + ", simulated",
              runner.ended());
        });
  }

  private Supplier<EmbeddingBatcher.Engine> engines(int embeddingSize) {
    Lock device = new ReentrantLock();
    return () ->
        new SimulatedEngine(
            embeddingSize,
            Duration.ofMillis(engineMillis),
            oneDevice ? device : new ReentrantLock());
  }
}

package io.afina.cli.bench;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneResolver;
import io.afina.bench.SimulatedEngine;
import io.afina.classifier.ClassifierRunner;
import io.afina.cli.option.ConfigOptions;
import io.afina.cli.service.Foreground;
import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Announcement;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a classifier that sleeps in place of inference, for {@code afina bench --scale}. */
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

  @Override
  public void run() {
    AfinaConfig config = options.loader().load();
    Backbone backbone = new BackboneResolver().resolve(config.backbone().address());
    HeadSlot heads =
        new HeadSlot(backbone.id(), backbone.card().embeddingSize(), TrustedKeys.anybody());
    Foreground.run(
        services -> {
          ClassifierRunner runner =
              services.own(
                  new ClassifierRunner(
                      config,
                      new SimulatedEngine(config, backbone, Duration.ofMillis(engineMillis)),
                      heads,
                      new SimpleMeterRegistry(),
                      Traces.off()));
          return new Foreground.Running(
              runner.running(),
              Announcement.CLASSIFYING + backbone.card().name() + ", simulated",
              runner.ended());
        });
  }
}

package io.afina.cli.service;

import io.afina.broker.EmbeddedBroker;
import io.afina.cli.option.BackboneOptions;
import io.afina.cli.option.ConfigOptions;
import io.afina.cli.option.ServiceOptions;
import io.afina.cli.option.TrainerOptions;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.labelling.http.LabelServer;
import io.afina.lifecycle.Closer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs all roles over a broker of its own until it is stopped. */
@Command(
    name = "up",
    header =
        "Run Kafka, classifier, trainer and labelling page in one process, until it is stopped.",
    description = "The data stay in a folder: stopped and started again, it goes on where it was.")
public final class UpCommand implements Runnable {

  @Mixin private ConfigOptions options;
  @Mixin private BackboneOptions backbone;
  @Mixin private TrainerOptions trainer;
  @Mixin private LabelOptions label;
  @Mixin private ServiceOptions service;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "afina-data",
      description = "Where the data stay; default: ${DEFAULT-VALUE}.")
  private Path data;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "9092",
      description = "Where Kafka listens, on the loopback address; default: ${DEFAULT-VALUE}.")
  private int port;

  @Override
  public void run() {
    Foreground.run(this::start);
  }

  private Foreground.Running start(Closer services) {
    EmbeddedBroker broker = services.own(EmbeddedBroker.start(data.resolve("kafka"), port));
    AfinaConfig config = config(broker);
    StartLine.classifier("up", config);
    ManagementService management = services.own(new ManagementService("up", config));
    LocalServices local =
        services.own(
            new LocalServices(config, management.meters(), management.tracer(), result -> {}));
    management.watch(local);
    Optional<LabelServer> page = label.start(services, config, management);
    management.complete();
    String announcement =
        Ansi.AUTO.string(
            "@|green up|@: Kafka at @|bold %s|@, backbone %s; Ctrl-C stops it, the data stay in %s%n"
                    .formatted(
                        broker.bootstrapServers(),
                        local.classifier().backbone().card().name(),
                        data)
                + page.map(server -> LabelOptions.announcement(server) + System.lineSeparator())
                    .orElse("")
                + "metrics at %s/metrics%n".formatted(management.address())
                + "try: afina publish PICTURE…, afina watch, afina correct ID LABEL, afina models");
    return Foreground.Running.ready(announcement, ended(local, page));
  }

  private static CompletableFuture<?> ended(LocalServices local, Optional<LabelServer> page) {
    return page.<CompletableFuture<?>>map(
            server -> CompletableFuture.anyOf(local.ended(), server.ended()))
        .orElseGet(local::ended);
  }

  private AfinaConfig config(EmbeddedBroker broker) {
    ConfigLoader loader =
        options
            .loader()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("backbone.address", backbone.address())
            .set("classifier.stateDir", data.resolve("state"));
    return service.set(label.set(trainer.set(loader), null)).load();
  }
}

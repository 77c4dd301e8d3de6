package io.afina.cli;

import io.afina.broker.EmbeddedBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.labelling.LabelServer;
import io.afina.lifecycle.Closer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs everything over a broker of its own. */
@Command(
    name = "up",
    header =
        "Run Kafka, classifier, trainer and labelling page in one process, until it is stopped.",
    description = "The data stay in a folder: stopped and started again, it goes on where it was.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options;
  @Mixin private BackboneOptions backbone;
  @Mixin private TrainerOptions trainer;
  @Mixin private LabelOptions label;

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
  public Integer call() {
    EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"), port);
    Closer services = new Closer();
    AfinaConfig config = config(broker);
    Cluster cluster = services.own(new Cluster(broker, config, result -> {}));
    Optional<LabelServer> page = startPage(services, config);
    String announcement =
        Ansi.AUTO.string(
            "@|green up|@: Kafka at @|bold %s|@, backbone %s; Ctrl-C stops it, the data stay in %s%n"
                    .formatted(
                        broker.bootstrapServers(),
                        cluster.classifier().backbone().card().name(),
                        data)
                + page.map(server -> LabelOptions.announcement(server) + System.lineSeparator())
                    .orElse("")
                + "try: afina publish PICTURE…, afina watch, afina correct ID LABEL, afina models");
    return Foreground.run(
        services, CompletableFuture.completedFuture(null), announcement, ended(cluster, page));
  }

  private Optional<LabelServer> startPage(Closer services, AfinaConfig config) {
    try {
      return label.start(services, config);
    } catch (RuntimeException e) {
      services.close();
      throw e;
    }
  }

  private static CompletableFuture<?> ended(Cluster cluster, Optional<LabelServer> page) {
    return page.<CompletableFuture<?>>map(
            server -> CompletableFuture.anyOf(cluster.ended(), server.ended()))
        .orElseGet(cluster::ended);
  }

  private AfinaConfig config(EmbeddedBroker broker) {
    ConfigLoader loader =
        options
            .loader()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("backbone.address", backbone.address())
            .set("classifier.stateDir", data.resolve("state"));
    return label.set(trainer.set(loader), null).load();
  }
}

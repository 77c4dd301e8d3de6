package io.afina.cli.bench;

import io.afina.broker.EmbeddedBroker;
import io.afina.cli.service.Foreground;
import io.afina.lifecycle.Announcement;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a broker alone, for measurements against another process. */
@Command(
    name = "broker",
    header = "Run a single-node Kafka on the loopback address, until it is stopped.",
    hidden = true)
public final class BrokerCommand implements Runnable {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Where its data stay.")
  private Path data;

  @Override
  public void run() {
    Foreground.run(
        services -> {
          EmbeddedBroker broker = services.own(EmbeddedBroker.start(data));
          return Foreground.Running.ready(
              Announcement.LISTENING + broker.bootstrapServers(), new CompletableFuture<>());
        });
  }
}

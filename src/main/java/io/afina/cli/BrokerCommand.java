package io.afina.cli;

import io.afina.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a broker alone, for what must measure against another process. */
@Command(
    name = "broker",
    header = "Run a single-node Kafka on the loopback address, until it is stopped.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class BrokerCommand implements Callable<Integer> {

  /** What it prints, followed by its address, once it can be used. */
  static final String LISTENING = "listening on ";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Where its data stay.")
  private Path data;

  @Override
  public Integer call() {
    return Foreground.run(
        services -> {
          EmbeddedBroker broker = services.own(EmbeddedBroker.start(data));
          return Foreground.Running.ready(
              LISTENING + broker.bootstrapServers(), new CompletableFuture<>());
        });
  }
}

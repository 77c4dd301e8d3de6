package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.event.Correction;
import io.afina.event.Topics;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one correction. */
@Command(
    name = "correct",
    header = "Say what an image is.",
    description =
        "The label may be one that nobody used before. A later correction replaces an earlier one.",
    mixinStandardHelpOptions = true)
final class CorrectCommand implements Callable<Integer> {

  @Mixin private ClusterOptions cluster;

  @Parameters(index = "0", paramLabel = "ID", description = "The image id.")
  private String id;

  @Parameters(index = "1", arity = "0..1", paramLabel = "LABEL", description = "What it is.")
  private @Nullable String label;

  @Option(
      names = "--labeller",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who says so; default: ${DEFAULT-VALUE}.")
  private String labeller;

  @Option(names = "--note", paramLabel = "TEXT", description = "Free text.")
  private @Nullable String note;

  @Option(names = "--withdraw", description = "Take the correction back instead; no LABEL then.")
  private boolean withdraw;

  @Override
  public Integer call() {
    Correction correction = correction();
    AfinaConfig config = cluster.config();
    ReadyTopics.require(config, List.of(Topics.CORRECTIONS.name()));
    try (Publisher<Correction> publisher = Publisher.open(config, Topics.CORRECTIONS)) {
      publisher.send(new ProducerRecord<>(Topics.CORRECTIONS.name(), id, correction));
      publisher.flush();
    }
    System.out.println(withdraw ? "withdrawn: " + id : "sent: %s is %s".formatted(id, label));
    return ExitCode.OK.code();
  }

  private @Nullable Correction correction() {
    if (withdraw == (label != null)) {
      throw new AfinaException(
          ExitCode.USAGE, "give either a LABEL or --withdraw: afina correct ID LABEL");
    }
    return label == null ? null : new Correction(label, labeller, Instant.now(), note);
  }
}

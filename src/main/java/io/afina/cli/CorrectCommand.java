package io.afina.cli;

import io.afina.cli.option.ClusterOptions;
import io.afina.config.AfinaConfig;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Topic;
import io.afina.event.Withdrawal;
import io.afina.kafka.Publisher;
import io.afina.labelling.feed.BulkCorrections;
import io.afina.labelling.feed.BulkCorrections.Form;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends corrections: one, or those of a file. */
@Command(
    name = "correct",
    header = "Say what an image is.",
    description =
        "The label may be one that nobody used before. A later correction replaces an earlier one.")
final class CorrectCommand implements Callable<Integer> {

  @Mixin private ClusterOptions cluster;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ID",
      description = "The image id; none with --from.")
  private @Nullable String id;

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

  @Option(
      names = "--withdraw",
      description = "Take back what the labeller said; what others said stays. No LABEL then.")
  private boolean withdraw;

  @Option(
      names = "--withdraw-all",
      description = "Take back what everybody said: the image has no label then. No LABEL then.")
  private boolean withdrawAll;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Send all corrections of a CSV (id,label,note with a header) or .jsonl file.")
  private @Nullable Path from;

  @Override
  public Integer call() throws IOException {
    if (from == null) {
      one();
    } else {
      many(from);
    }
    return ExitCode.OK.code();
  }

  private void one() {
    if (id == null) {
      throw new AfinaException(
          ExitCode.USAGE, "say which image: afina correct ID LABEL, or --from FILE");
    }
    byte[] value = value();
    send(topic -> Stream.of(new ProducerRecord<>(topic, id, value)));
    System.out.println(
        label != null
            ? "sent: %s is %s".formatted(id, label)
            : "withdrawn: what %s said of %s".formatted(withdrawAll ? "everybody" : labeller, id));
  }

  private void many(Path file) throws IOException {
    if (id != null || withdraw || withdrawAll) {
      throw new AfinaException(
          ExitCode.USAGE, "with --from there is no ID, no --withdraw and no --withdraw-all");
    }
    BulkCorrections.Read read = read(file);
    if (!read.errors().isEmpty()) {
      throw new AfinaException(
          ExitCode.USAGE,
          "%s is wrong, nothing was sent: %s".formatted(file, String.join("; ", read.errors())));
    }
    send(
        topic ->
            read.rows().stream()
                .map(row -> new ProducerRecord<>(topic, row.id(), Json.write(row.correction()))));
    System.out.printf("sent %d corrections%n", read.rows().size());
  }

  /**
   * Sends them.
   *
   * @param corrections by the name of their topic; null withdraws all
   */
  private void send(
      Function<String, Stream<ProducerRecord<String, byte @Nullable []>>> corrections) {
    AfinaConfig config = cluster.config();
    Topic<String, byte[]> topic = config.topics().correctionsAndWithdrawals();
    ReadyTopics.require(config, List.of(topic.name()));
    try (Publisher<byte[]> publisher = Publisher.open(config, topic)) {
      corrections.apply(topic.name()).forEach(publisher::send);
      publisher.flush();
    }
  }

  private BulkCorrections.Read read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new AfinaException(ExitCode.NOT_FOUND, "there is no file %s".formatted(file));
    }
    boolean csv = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    return BulkCorrections.read(
        Files.readAllBytes(file),
        csv ? Form.CSV : Form.JSON_LINES,
        new ImageIdLimit(cluster.config().pictures().maxKeyBytes()),
        labeller,
        Instant.now());
  }

  private byte @Nullable [] value() {
    if ((withdraw ? 1 : 0) + (withdrawAll ? 1 : 0) + (label != null ? 1 : 0) != 1) {
      throw new AfinaException(
          ExitCode.USAGE,
          "give one of a LABEL, --withdraw and --withdraw-all: afina correct ID LABEL");
    }
    try {
      Instant now = Instant.now();
      if (label != null) {
        return Json.write(new Correction(label, labeller, now, note).requireLimits(now));
      }
      return withdraw ? Json.write(new Withdrawal(labeller, now, note).requireLimits(now)) : null;
    } catch (MalformedRecordException e) {
      throw new AfinaException(ExitCode.USAGE, "the correction " + e.getMessage(), e);
    }
  }
}

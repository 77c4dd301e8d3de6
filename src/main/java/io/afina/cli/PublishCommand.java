package io.afina.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.cli.PictureFiles.IdFrom;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.ProgressBars;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.PictureFormat;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes pictures. */
@Command(
    name = "publish",
    header = "Publish pictures to the topic images.",
    description = {
      "Folders are read with all that is below them, but for hidden files. A file's path within its folder is its image id; of"
          + " a file that is given itself, its name.",
      "What is no picture by its first bytes is not sent: each such file is named, and the command ends with 64."
    })
final class PublishCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description = "Pictures, or folders of pictures.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--id-prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Put before every image id.")
  private String prefix;

  @Option(
      names = "--id-from",
      paramLabel = "WHAT",
      defaultValue = "path",
      description =
          "What image ids are made of: path (ant/1.jpg), name (1.jpg), or sha256 (of the bytes: equal files are sent"
              + " once). Two files with one id are refused. Default: ${DEFAULT-VALUE}.")
  private IdFrom idFrom;

  @Option(
      names = "--reference",
      description =
          "Publish where the pictures are (file:///…) and their SHA-256 instead of their bytes. Classifiers read them"
              + " there, where their pictures.sources allows it.")
  private boolean reference;

  @Option(
      names = "--uri-list",
      paramLabel = "FILE",
      description =
          "Publish references to these URIs, one a line (text/uri-list), - for the standard input; what follows the"
              + " host or the bucket is the image id.")
  private @Nullable Path uriList;

  private final List<String> skipped = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    List<Publication> all = publications();
    AfinaConfig config = cluster.config();
    Topic<String, byte[]> topic = config.topics().images();
    ReadyTopics.require(config, List.of(topic.name()));
    long sent;
    try (Publisher<byte[]> publisher = Publisher.open(config, topic);
        ProgressBar bar = ProgressBars.bar("publishing", all.size())) {
      for (Publication publication : all) {
        publication.record(topic.name()).ifPresent(publisher::send);
        bar.stepTo(publisher.arrived());
      }
      publisher.flush();
      sent = publisher.arrived();
      bar.stepTo(sent);
    }
    skipped.forEach(spec.commandLine().getErr()::println);
    TerminalText.print(spec, List.of("published %d pictures".formatted(sent)));
    return (skipped.isEmpty() ? ExitCode.OK : ExitCode.USAGE).code();
  }

  /** What becomes a record, once it is its turn; none of a file that is no picture. */
  @FunctionalInterface
  private interface Publication {
    Optional<ProducerRecord<String, byte[]>> record(String topic) throws IOException;
  }

  private List<Publication> publications() throws IOException {
    if (paths.isEmpty() == (uriList == null)) {
      throw new AfinaException(
          ExitCode.USAGE, "give pictures or folders of pictures, or a list by --uri-list");
    }
    List<Publication> all = new ArrayList<>();
    if (uriList == null) {
      new PictureFiles(idFrom, prefix)
          .find(paths)
          .forEach((id, file) -> all.add(topic -> record(topic, id, file)));
    } else {
      References.byId(uriList)
          .forEach((id, uri) -> all.add(t -> Optional.of(References.to(t, prefix + id, uri))));
    }
    return all;
  }

  private Optional<ProducerRecord<String, byte[]>> record(String topic, String id, Path file)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Optional<PictureFormat> format = PictureFormat.of(bytes);
    if (format.isEmpty()) {
      skipped.add("afina: not sent, no picture: " + TerminalText.text(file.toString()));
      return Optional.empty();
    }
    if (reference) {
      return Optional.of(References.to(topic, id, file, bytes));
    }
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, id, bytes);
    record.headers().add("content-type", format.get().mediaType().getBytes(UTF_8));
    return Optional.of(record);
  }
}

package io.afina.cli;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.ProgressBars;
import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes pictures. */
@Command(
    name = "publish",
    header = "Publish pictures to the topic images.",
    description = "A file's name is its image id; folders are read with all that is below them.")
final class PublishCommand implements Callable<Integer> {

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
      names = "--reference",
      description =
          "Publish where the pictures are (file:///…) and their SHA-256 instead of their bytes. Classifiers read them there, where their pictures.sources allows it.")
  private boolean reference;

  @Option(
      names = "--uri-list",
      paramLabel = "FILE",
      description =
          "Publish references to these URIs, one a line (text/uri-list), - for the standard input; what follows the host or the bucket is the image id.")
  private @Nullable Path uriList;

  @Override
  public Integer call() throws IOException {
    AfinaConfig config = cluster.config();
    Topic<String, byte[]> topic = config.topics().images();
    List<Publication> all = publications();
    ReadyTopics.require(config, List.of(topic.name()));
    try (Publisher<byte[]> publisher = Publisher.open(config, topic);
        ProgressBar bar = ProgressBars.bar("publishing", all.size())) {
      for (Publication publication : all) {
        publisher.send(publication.record(topic.name()));
        bar.stepTo(publisher.arrived());
      }
      publisher.flush();
      bar.stepTo(publisher.arrived());
    }
    System.out.printf("published %d pictures%n", all.size());
    return ExitCode.OK.code();
  }

  /** What becomes a record, once it is its turn. */
  @FunctionalInterface
  private interface Publication {
    ProducerRecord<String, byte[]> record(String topic) throws IOException;
  }

  private List<Publication> publications() throws IOException {
    if (paths.isEmpty() == (uriList == null)) {
      throw new AfinaException(
          ExitCode.USAGE, "give pictures or folders of pictures, or a list by --uri-list");
    }
    List<Publication> all = new ArrayList<>();
    if (uriList == null) {
      files().forEach(file -> all.add(topic -> record(topic, file)));
    } else {
      References.uris(uriList).forEach(uri -> all.add(topic -> References.to(topic, prefix, uri)));
    }
    return all;
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      try (Stream<Path> below = Files.walk(path)) {
        below.filter(Files::isRegularFile).sorted().forEach(files::add);
      } catch (IOException e) {
        throw new AfinaException(
            ExitCode.NOT_FOUND,
            "cannot read %s: %s; give a picture or a folder of pictures".formatted(path, e),
            e);
      }
    }
    return files;
  }

  private ProducerRecord<String, byte[]> record(String topic, Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (reference) {
      return References.to(topic, prefix + name, file);
    }
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic, prefix + name, Files.readAllBytes(file));
    String type = URLConnection.guessContentTypeFromName(name);
    if (type != null) {
      record.headers().add("content-type", type.getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }
}

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
      arity = "1..*",
      paramLabel = "PATH",
      description = "Pictures, or folders of pictures.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--id-prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Put before every image id.")
  private String prefix;

  @Override
  public Integer call() throws IOException {
    List<Path> files = files();
    AfinaConfig config = cluster.config();
    Topic<String, byte[]> topic = config.topics().images();
    ReadyTopics.require(config, List.of(topic.name()));
    try (Publisher<byte[]> publisher = Publisher.open(config, topic);
        ProgressBar bar = ProgressBars.bar("publishing", files.size())) {
      for (Path file : files) {
        publisher.send(record(topic.name(), file));
        bar.stepTo(publisher.arrived());
      }
      publisher.flush();
      bar.stepTo(publisher.arrived());
    }
    System.out.printf("published %d pictures%n", files.size());
    return ExitCode.OK.code();
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
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic, prefix + name, Files.readAllBytes(file));
    String type = URLConnection.guessContentTypeFromName(name);
    if (type != null) {
      record.headers().add("content-type", type.getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }
}

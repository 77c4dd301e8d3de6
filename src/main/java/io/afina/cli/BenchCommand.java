package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the classifier against a broker in another process. */
@Command(
    name = "bench",
    header = "Measure pictures a second and latency, exactly-once beside at-least-once.",
    description = {
      "Every row is measured over one broker in another process on this machine: first as fast as it goes, then at half that rate.",
      "Latency is from publishing a picture to reading its committed prediction."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options;
  @Mixin private BackboneOptions backbone;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "Pictures to measure with; default: drawn ones.")
  private @Nullable Path pictures;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Pictures at full rate a row, and half as many at half rate; default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,8,32",
      description = "Batch sizes; default: ${DEFAULT-VALUE}.")
  private List<Integer> batches = new ArrayList<>();

  @Option(
      names = "--guarantee",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "exactly_once_v2,at_least_once",
      description = "Processing guarantees; default: ${DEFAULT-VALUE}.")
  private List<String> guarantees = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Verbosity.quiet();
    List<byte[]> samples = samples();
    System.out.printf(
        "%-16s %6s %8s %11s   %11s %8s %8s %8s%n",
        "guarantee", "batch", "threads", "pictures/s", "half rate", "p50 ms", "p99 ms", "p99.9 ms");
    for (String guarantee : guarantees) {
      for (int batch : batches) {
        System.out.println(row(guarantee, batch, measure(samples, guarantee, batch)));
      }
    }
    return ExitCode.OK.code();
  }

  /**
   * A broker of its own for every row: a classifier would else begin with the pictures of the row
   * before.
   */
  private BenchRun.Result measure(List<byte[]> samples, String guarantee, int batch)
      throws IOException {
    Path folder = Files.createTempDirectory("afina-bench-");
    try (BrokerProcess broker = BrokerProcess.start(folder.resolve("kafka"))) {
      AfinaConfig config =
          options
              .loader()
              .set("kafka.bootstrap.servers", broker.bootstrapServers())
              .set("backbone.address", backbone.address())
              .set("classifier.stateDir", folder.resolve("state"))
              .set("classifier.guarantee", guarantee)
              .set("classifier.batchSize", batch)
              .set("classifier.threads", threads(batch))
              .load();
      ReadyTopics.apply(config);
      try (BenchRun run = new BenchRun(config, samples)) {
        return run.measure(count);
      }
    }
  }

  /** A batch is filled by threads that wait, of which there is work for one a partition. */
  private static int threads(int batch) {
    int partitions = 12;
    int cores = Runtime.getRuntime().availableProcessors();
    return batch == 1 ? cores : Math.max(cores, Math.min(batch, partitions));
  }

  private String row(String guarantee, int batch, BenchRun.Result result) {
    return "%-16s %6d %8d %11.1f   %9.1f/s %8.1f %8.1f %8.1f"
        .formatted(
            guarantee,
            batch,
            threads(batch),
            result.fullRate(),
            result.halfRate(),
            result.p50Millis(),
            result.p99Millis(),
            result.p999Millis());
  }

  private List<byte[]> samples() throws IOException {
    if (pictures == null) {
      return LabelledPicture.drawn(1, 100).stream().map(picture -> picture.bytes().get()).toList();
    }
    List<byte[]> samples = new ArrayList<>();
    try (Stream<Path> files = Files.walk(pictures)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        samples.add(Files.readAllBytes(file));
      }
    }
    return samples;
  }
}

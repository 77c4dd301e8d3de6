package io.afina.bench;

import io.afina.bench.report.BenchReport;
import io.afina.bench.report.Latency;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Announcement;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.lifecycle.TemporaryFolder;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs a fresh broker and fresh classifiers, each in a process of its own, and measures them under
 * load. The broker is not shared between runs: a classifier would begin with the pictures of the
 * run before.
 */
final class BenchPipeline implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private final Closer closer = Closer.untilTheProcessEnds();
  private final BrokerProcess broker;
  private final List<AfinaProcess> classifiers;
  private final BenchLoad load;

  /**
   * Starts them.
   *
   * @param config without its broker and its folder for state stores
   * @param command that classifies, with its arguments
   */
  BenchPipeline(ConfigLoader config, List<byte[]> samples, int processes, String... command) {
    try {
      Path folder = closer.own(new TemporaryFolder("afina-bench-")).path();
      broker = closer.own(BrokerProcess.start(folder.resolve("kafka")));
      config.set("kafka.bootstrap.servers", broker.bootstrapServers());
      AfinaConfig loaded = config.load();
      ReadyTopics.apply(loaded);
      load = closer.own(new BenchLoad(loaded, samples));
      classifiers =
          IntStream.range(0, processes)
              .mapToObj(i -> classifier(config, folder.resolve("classifier-" + i), command))
              .toList();
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private AfinaProcess classifier(ConfigLoader config, Path folder, String... command) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot make a folder: " + e, e);
    }
    config.set("classifier.stateDir", folder.resolve("state"));
    Path file = folder.resolve("afina.yaml");
    config.save(file);
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--config", file.toString()));
    return closer.own(
        AfinaProcess.start(
            AfinaProcess.options(), List.of(), arguments, Announcement.CLASSIFYING, PATIENCE));
  }

  /** Full load for so long that the compilers of both are done. */
  void warm(Duration time) {
    load.full(Duration.ZERO, time, () -> {});
  }

  /** Full load, then half of it. */
  BenchReport.Run measure(Duration time) {
    List<Clock> clocks = new ArrayList<>();
    BenchLoad.Outcome full = load.full(SETTLING, time, () -> clocks.add(clock()));
    BenchLoad.Outcome half = load.paced(full.rate() / 2, SETTLING, time);
    return new BenchReport.Run(
        full.rate(),
        Latency.of(full.latency()),
        Latency.of(half.latency()),
        classifiers.get(0).readySeconds(),
        resident(),
        clocks.get(1).since(clocks.get(0)));
  }

  BenchLoad load() {
    return load;
  }

  /** Memory that the first classifier holds, in MB. */
  long resident() {
    return classifiers.get(0).residentMegabytes();
  }

  @Override
  public void close() {
    closer.close();
  }

  private Clock clock() {
    return new Clock(
        System.nanoTime(),
        classifiers.stream().map(AfinaProcess::cpu).reduce(Duration.ZERO, Duration::plus),
        broker.cpu(),
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
  }

  /** Processor times at a moment. */
  private record Clock(long nanos, Duration classifier, Duration broker, Duration driver) {

    BenchReport.Cpu since(Clock before) {
      double cores = (double) (nanos - before.nanos) * Runtime.getRuntime().availableProcessors();
      return new BenchReport.Cpu(
          classifier.minus(before.classifier).toNanos() / cores,
          broker.minus(before.broker).toNanos() / cores,
          driver.minus(before.driver).toNanos() / cores);
    }
  }
}

package io.afina.bench;

import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Announcement;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A classifier in a process of its own, started as the launcher starts one. */
final class ClassifierProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RESIDENT = "VmRSS:";

  private final AfinaProcess process;
  private final double ready;

  private ClassifierProcess(AfinaProcess process, long start) {
    this.process = process;
    process.awaitReady(PATIENCE);
    this.ready = (System.nanoTime() - start) / 1e9;
  }

  /**
   * Starts one and waits until it classifies.
   *
   * @param folder where its configuration is put
   * @param command that classifies, with its arguments
   */
  static ClassifierProcess start(ConfigLoader config, Path folder, String... command) {
    Path file = folder.resolve("afina.yaml");
    config.save(file);
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--config", file.toString()));
    long start = System.nanoTime();
    AfinaProcess process =
        AfinaProcess.start(AfinaProcess.options(), List.of(), Announcement.CLASSIFYING, arguments);
    try {
      return new ClassifierProcess(process, start);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** Seconds from the start of the process to the first possible prediction. */
  double readySeconds() {
    return ready;
  }

  /** Processor time that it has used. */
  Duration cpu() {
    return process.cpu();
  }

  /** Memory that it holds, in MB, or 0 where the system does not say (only Linux has the file). */
  long residentMegabytes() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .sum();
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "the classifier of the bench ended: " + e, e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}

package io.afina.bench;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.lifecycle.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs an {@code afina} in a process of its own, by the Java and the class path of this one. It is
 * ready once it prints a line that begins as announced.
 */
final class AfinaProcess implements AutoCloseable {

  /** By its name, as the launcher has it: the command line stands on this package. */
  private static final String MAIN = "io.afina.cli.Afina";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String RESIDENT = "VmRSS:";

  private final Process process;
  private final Worker reader;
  private final long start = System.nanoTime();
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private volatile String lastLine = "";
  private String announced = "";
  private double readySeconds;

  private AfinaProcess(Process process, String announcement) {
    this.process = process;
    this.reader =
        new Worker("afina-child-output", () -> read(process.inputReader(), announcement), () -> {});
  }

  /**
   * Starts one and waits until it is ready.
   *
   * @param java options for Java; {@link #options()} are those of this process
   * @param clean variables that it is not to inherit
   * @param announcement how the line begins that says that it is ready
   * @throws AfinaException when it ends before, or takes too long; with what it said last
   */
  static AfinaProcess start(
      List<String> java,
      List<String> clean,
      List<String> arguments,
      String announcement,
      Duration patience) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(java);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(clean);
    AfinaProcess started;
    try {
      started = new AfinaProcess(builder.start(), announcement);
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot start another Java: " + e, e);
    }
    try {
      started.awaitReady(patience);
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** The options that this Java was started with. */
  static List<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }

  /** The rest of the line of the announcement. */
  String announced() {
    return announced;
  }

  /** Seconds from the start of the process to its announcement. */
  double readySeconds() {
    return readySeconds;
  }

  /** Processor time that it has used. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
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
      throw failure("ended", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    reader.close();
  }

  private void awaitReady(Duration patience) {
    try {
      announced = ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      readySeconds = (System.nanoTime() - start) / 1e9;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw failure("did not get ready", e);
    }
  }

  private AfinaException failure(String what, Exception cause) {
    return new AfinaException(
        ExitCode.FAILURE, "a process of the bench %s: %s".formatted(what, lastLine), cause);
  }

  /** To the end: a process whose output nobody reads stops one day. */
  private void read(BufferedReader output, String announcement) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(announcement)) {
          ready.complete(line.substring(announcement.length()));
        }
        lastLine = line;
      }
    } catch (IOException e) {
      // The pipe of a process that was stopped is closed under the reader.
      lastLine = e.toString();
    } finally {
      ready.completeExceptionally(new IOException("it ended"));
    }
  }
}

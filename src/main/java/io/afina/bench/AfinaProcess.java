package io.afina.bench;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.lifecycle.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An {@code afina} in a process of its own, by the Java and the class path of this one. It is ready
 * once it prints a line that begins as announced.
 */
final class AfinaProcess implements AutoCloseable {

  /** By its name, as the launcher has it: the command line stands on this package. */
  private static final String MAIN = "io.afina.cli.Afina";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Worker reader;
  private final CompletableFuture<String> announced = new CompletableFuture<>();
  private final List<String> said = new ArrayList<>();

  private AfinaProcess(Process process, String announcement) {
    this.process = process;
    this.reader =
        new Worker("afina-child-output", () -> read(process.inputReader(), announcement), () -> {});
  }

  /**
   * Starts it.
   *
   * @param java options for Java; {@link #options()} are those of this process
   * @param clean variables that it is not to inherit
   * @param announcement how the line begins that says that it is ready
   */
  static AfinaProcess start(
      List<String> java, List<String> clean, String announcement, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(java);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    clean.forEach(environment::remove);
    try {
      return new AfinaProcess(builder.start(), announcement);
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot start another Java: " + e, e);
    }
  }

  /** The options that this Java was started with. */
  static List<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }

  /**
   * What follows the announcement on its line.
   *
   * @throws AfinaException when it ends before, or takes too long; with what it said last
   */
  String awaitReady(Duration patience) {
    try {
      return announced.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw failure("did not get ready", e);
    }
  }

  /** Processor time that it has used. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  long pid() {
    return process.pid();
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

  private AfinaException failure(String what, Exception cause) {
    synchronized (said) {
      return new AfinaException(
          ExitCode.FAILURE,
          "a process of the bench %s: %s".formatted(what, said.isEmpty() ? "" : last()),
          cause);
    }
  }

  private String last() {
    return said.get(said.size() - 1);
  }

  /** To the end: a process whose output nobody reads stops one day. */
  private void read(BufferedReader output, String announcement) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(announcement)) {
          announced.complete(line.substring(announcement.length()));
        }
        keep(line);
      }
    } catch (IOException e) {
      // The pipe of a process that was stopped is closed under the reader.
      keep(e.toString());
    } finally {
      announced.completeExceptionally(new IOException("it ended"));
    }
  }

  private void keep(String line) {
    synchronized (said) {
      said.clear();
      said.add(line);
    }
  }
}

package io.afina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/**
 * An {@code afina} process of its own, started by the launcher of the distribution, as a user
 * would.
 */
public final class Child implements AutoCloseable {

  /** Of a machine with much else to do; what has failed is noticed at once. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Starts fast and stays small; logs as the distribution does. */
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Djava.awt.headless=true",
          "-Dai.djl.pytorch.num_threads=1",
          "-Dlogback.configurationFile=logback.xml");

  /** Of those that the launcher starts: few live for as long as the second compiler needs. */
  private static final Map<String, String> SHORT_LIVED =
      Map.of("AFINA_OPTS", "-XX:TieredStopAtLevel=1");

  private static final Map<String, String> LIKE_THE_LAUNCHER =
      Map.of("OMP_WAIT_POLICY", "PASSIVE", "OPT_OUT_TRACKING", "true");

  private final Process process;
  private final Path output;

  private Child(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts {@code afina} with these arguments; what it prints goes to a file below {@code folder}.
   */
  public static Child start(Path folder, String... arguments) {
    return start(folder, Map.of(), arguments);
  }

  /** The same, with variables beside those of this process, such as {@code AFINA_OPTS}. */
  public static Child start(Path folder, Map<String, String> environment, String... arguments) {
    Path home = Path.of(System.getProperty("afina.home", "target/afina"));
    return launch(home, folder, environment, List.of(arguments));
  }

  /** The same of another distribution, such as one of another version. */
  public static Child of(Path home, Path folder, List<String> arguments) {
    return launch(home, folder, Map.of(), arguments);
  }

  /** The same with Java as the launcher sets it, for a process that lives long. */
  public static Child longLived(Path home, Path folder, List<String> arguments) {
    return launch(home, folder, Map.of("AFINA_OPTS", ""), arguments);
  }

  private static Child launch(
      Path home, Path folder, Map<String, String> environment, List<String> arguments) {
    Path launcher = home.resolve("bin").resolve("afina");
    assertThat(launcher).as("the distribution, built by mvn package").isRegularFile();
    List<String> command = new ArrayList<>(List.of("sh", launcher.toString()));
    command.addAll(arguments);
    Map<String, String> variables = new HashMap<>(SHORT_LIVED);
    variables.putAll(environment);
    return start(folder, variables, arguments.get(0), command);
  }

  /**
   * Starts a class of this class path in a small JVM, with the environment that the launcher gives.
   *
   * @param name begins the name of the file with what it prints
   */
  public static Child start(
      Path folder, String name, List<String> java, Class<?> main, List<String> arguments) {
    String classPath = System.getProperty("java.class.path");
    return start(folder, name, java, classPath, main, arguments);
  }

  /** The same with another class path. */
  public static Child start(
      Path folder,
      String name,
      List<String> java,
      String classPath,
      Class<?> main,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    command.addAll(java);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(arguments);
    return start(folder, LIKE_THE_LAUNCHER, name, command);
  }

  private static Child start(
      Path folder, Map<String, String> environment, String name, List<String> command) {
    try {
      Path output = Files.createTempFile(folder, name + "-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      return new Child(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end and gives its exit code. */
  public int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(this::output).isTrue();
    return process.exitValue();
  }

  /** Waits until it has printed this; ends it if it does not. */
  public Child awaitOutput(String text) {
    try {
      await("%s prints \"%s\"".formatted(output.getFileName(), text))
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> output().contains(text) || !process.isAlive());
      assertThat(output()).contains(text);
      return this;
    } catch (ConditionTimeoutException | AssertionError e) {
      close(); // nobody has it yet who would
      throw e;
    }
  }

  /** All that it has printed so far. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** Whether it has not ended, though it may be stopped by a signal. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Sends a signal by its name, such as STOP or CONT. */
  public void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).inheritIO().start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM, and waits for the end. */
  public void stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(this::output).isTrue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}

package io.afina.cli;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own, so that it takes no time or memory of this one. */
final class BrokerProcess implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final String bootstrapServers;

  private BrokerProcess(Process process, String bootstrapServers) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /** Starts one by the Java and the class path of this process. */
  static BrokerProcess start(Path data) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            java.toString(),
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            Afina.class.getName(),
            "broker",
            "--data",
            data.toString());
    try {
      Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return new BrokerProcess(process, address(process.inputReader()));
    } catch (IOException e) {
      throw new AfinaException(ExitCode.UNREACHABLE, "the broker does not start: " + e, e);
    }
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private static String address(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(BrokerCommand.LISTENING)) {
        return line.substring(BrokerCommand.LISTENING.length());
      }
    }
    throw new IOException("it ended before it listened");
  }
}

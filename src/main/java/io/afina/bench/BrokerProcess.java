package io.afina.bench;

import io.afina.lifecycle.Announcement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A broker in a process of its own, so that it takes no time or memory of this one. */
public final class BrokerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final AfinaProcess process;
  private final String bootstrapServers;

  private BrokerProcess(AfinaProcess process) {
    this.process = process;
    this.bootstrapServers = process.awaitReady(PATIENCE);
  }

  /** Starts one over a folder. */
  public static BrokerProcess start(Path data) {
    AfinaProcess process =
        AfinaProcess.start(
            // A broker elsewhere has long been compiled: this one should not take minutes for it.
            List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of(),
            Announcement.LISTENING,
            List.of("broker", "--data", data.toString()));
    try {
      return new BrokerProcess(process);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Processor time that it has used. */
  Duration cpu() {
    return process.cpu();
  }

  @Override
  public void close() {
    process.close();
  }
}

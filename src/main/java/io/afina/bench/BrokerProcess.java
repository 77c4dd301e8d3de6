package io.afina.bench;

import io.afina.lifecycle.Announcement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs a broker in a process of its own, so that it takes no time or memory of this one. */
public final class BrokerProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final AfinaProcess process;

  private BrokerProcess(AfinaProcess process) {
    this.process = process;
  }

  /** Starts one over a folder. */
  public static BrokerProcess start(Path data) {
    return new BrokerProcess(
        AfinaProcess.start(
            // A broker elsewhere has long been compiled: this one should not take minutes for it.
            List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            List.of(),
            List.of("broker", "--data", data.toString()),
            Announcement.LISTENING,
            PATIENCE));
  }

  public String bootstrapServers() {
    return process.announced();
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

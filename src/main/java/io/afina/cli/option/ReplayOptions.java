package io.afina.cli.option;

import io.afina.replay.Replay;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How pictures are replayed. */
public final class ReplayOptions {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Option(
      names = "--corrections",
      paramLabel = "SHARE",
      defaultValue = "1",
      description =
          "Share of the predictions that are corrected, 0 to 1; default: ${DEFAULT-VALUE}.")
  private double corrections;

  @Option(
      names = "--holdout",
      paramLabel = "DIR",
      description =
          "A second folder of that form, never corrected: classified at the end, once all corrections are learned.")
  private @Nullable Path holdout;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Pictures a second; 0 for as fast as they are classified. Default: ${DEFAULT-VALUE}, which leaves time to learn meanwhile.")
  private double rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the order and of what is corrected; default: ${DEFAULT-VALUE}.")
  private long seed;

  public @Nullable Path holdout() {
    return holdout;
  }

  public long seed() {
    return seed;
  }

  /** How long to wait for the corrections to be learned. */
  public Duration patience() {
    return PATIENCE;
  }

  public Replay.Pace pace() {
    return new Replay.Pace(corrections, rate, seed);
  }
}

package io.afina.cli.option;

import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.ReplayScore;
import io.afina.replay.ReplaySummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that replay pictures. */
public final class ReplayOptions {

  /** How long to wait for the corrections to be learned. */
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

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "600",
      description = "How many pictures to draw; default: ${DEFAULT-VALUE}.")
  private long count;

  /** The pictures of a folder, or drawn ones. */
  public List<LabelledPicture> pictures(@Nullable Path folder) {
    return folder == null
        ? LabelledPicture.drawn(seed, count)
        : LabelledPicture.folder(folder, seed);
  }

  public Replay.Pace pace() {
    return new Replay.Pace(corrections, rate, seed);
  }

  /** Prints how the pictures held out are classified, if there are any, once all was learned. */
  public void printHoldout(Replay replay, Function<List<LabelledPicture>, ReplayScore> stream) {
    if (holdout != null) {
      List<LabelledPicture> unseen = LabelledPicture.folder(holdout, seed);
      boolean learned = replay.awaitLearned(PATIENCE);
      ReplaySummary.printHoldout(stream.apply(unseen), learned);
    }
  }
}

package io.afina.cli;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.ProgressBars;
import io.afina.cli.option.ReplayOptions;
import io.afina.config.AfinaConfig;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.ReplayScore;
import io.afina.replay.ReplaySummary;
import io.afina.topic.ReadyTopics;
import java.nio.file.Path;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Publishes labelled pictures, corrects their predictions, and measures. */
@Command(
    name = "replay",
    header = "Stream labelled pictures, correct the predictions, and measure.",
    description = {
      "DIR has a folder a label; without it, pictures are drawn. Each prediction is scored before its correction is sent, so that the accuracy is one on pictures",
      "that the head has not seen (prequential)."
    })
final class ReplayCommand implements Runnable {

  @Mixin private ClusterOptions cluster;
  @Mixin private ReplayOptions options;

  @Parameters(arity = "0..1", paramLabel = "DIR", description = "A folder with a folder a label.")
  private @Nullable Path folder;

  @Override
  public void run() {
    AfinaConfig config = cluster.config();
    ReadyTopics.require(config, config.topics().names());
    List<LabelledPicture> pictures = options.pictures(folder);
    try (Replay replay = new Replay(config, options.pace())) {
      ReplayScore score = stream(replay, pictures, true, "streaming");
      ReplaySummary.print(score, replay.corrected());
      options.printHoldout(replay, unseen -> stream(replay, unseen, false, "holdout"));
    }
  }

  private static ReplayScore stream(
      Replay replay, List<LabelledPicture> pictures, boolean correct, String name) {
    try (ProgressBar bar = ProgressBars.bar(name, pictures.size())) {
      return replay.stream(pictures, correct, score -> show(bar, score));
    }
  }

  private static void show(ProgressBar bar, ReplayScore score) {
    bar.stepTo(score.predictions() + score.deadLetters());
    bar.setExtraMessage("%.1f %% of the last 100".formatted(100 * score.accuracyOfLast(100)));
  }
}

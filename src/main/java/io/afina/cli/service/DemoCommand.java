package io.afina.cli.service;

import io.afina.broker.EmbeddedBroker;
import io.afina.cli.option.BackboneOptions;
import io.afina.cli.option.ConfigOptions;
import io.afina.cli.option.ReplayOptions;
import io.afina.cli.option.TrainerOptions;
import io.afina.cli.option.Verbosity;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.model.SwapResult;
import io.afina.replay.LabelledPicture;
import io.afina.replay.LearningTable;
import io.afina.replay.Replay;
import io.afina.replay.ReplayScore;
import io.afina.replay.ReplaySummary;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the whole loop in one process on pictures with known labels: {@code afina demo}. */
@Command(
    name = "demo",
    header = "Show the whole loop in a minute: pictures in, predictions out, corrections learned.",
    description = {
      "Starts Kafka, a classifier and a trainer in this process, streams pictures, plays the labeller, and shows how the accuracy",
      "rises. Draws its own pictures unless it is given some. Leaves nothing behind, and exit code 0 only if the head has learned."
    })
public final class DemoCommand implements Callable<Integer> {

  private static final int LAST = 100;
  private static final int ROWS = 12;

  @Mixin private ConfigOptions options;
  @Mixin private BackboneOptions backbone;
  @Mixin private TrainerOptions trainer;
  @Mixin private ReplayOptions replayOptions;
  @Mixin private LabelOptions label;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "Stream these instead: a folder with a folder a label.")
  private @Nullable Path pictures;

  @Override
  public Integer call() {
    Verbosity.quiet();
    List<LabelledPicture> stream = replayOptions.pictures(pictures);
    System.out.println("starting Kafka, a classifier and a trainer in this process …");
    AtomicInteger swaps = new AtomicInteger();
    try (Closer services = Closer.untilTheProcessEnds()) {
      EmbeddedBroker broker = services.own(EmbeddedBroker.startFresh());
      AfinaConfig config = config(broker);
      ManagementService management = services.own(new ManagementService("demo", config));
      LocalServices local =
          services.own(
              new LocalServices(
                  config,
                  management.meters(),
                  management.tracer(),
                  result -> count(result, swaps)));
      management.watch(local);
      label
          .start(services, config, management)
          .map(LabelOptions::announcement)
          .ifPresent(System.out::println);
      management.complete();
      System.out.printf(
          "streaming %d pictures, backbone %s%n%n",
          stream.size(), local.classifier().backbone().card().name());
      // This thread's own: whoever stops the process closes the services under it.
      try (Replay replay = new Replay(config, replayOptions.pace())) {
        return show(replay, stream, swaps);
      }
    }
  }

  private int show(Replay replay, List<LabelledPicture> stream, AtomicInteger swaps) {
    LearningTable table = new LearningTable(System.out, Math.max(1, stream.size() / ROWS));
    table.header();
    ReplayScore score = replay.stream(stream, true, table::row);
    int swapsMeanwhile = swaps.get();
    System.out.println();
    ReplaySummary.print(score, replay.corrected());
    ReplaySummary.line("heads swapped in", swapsMeanwhile + " while pictures streamed");
    replayOptions.printHoldout(replay, unseen -> replay.stream(unseen, false, other -> {}));
    return verdict(score, swapsMeanwhile).code();
  }

  /**
   * It has learned if its last answers are better than always saying the commonest label, by more
   * than chance would do.
   */
  private static ExitCode verdict(ReplayScore score, int swaps) {
    int last = Math.min(LAST, score.predictions());
    double majority = score.majorityOfLast(last);
    double chance = 3 * Math.sqrt(majority * (1 - majority) / Math.max(1, last));
    boolean learned = swaps > 0 && score.accuracyOfLast(last) > majority + chance;
    System.out.println();
    System.out.println(
        Ansi.AUTO.string(
            learned
                ? "@|green,bold the head has learned|@: always saying the commonest label would be right %.0f %% of the time"
                    .formatted(100 * majority)
                : "@|red,bold the head has not learned|@"));
    return learned ? ExitCode.OK : ExitCode.NOT_LEARNED;
  }

  private AfinaConfig config(EmbeddedBroker broker) {
    ConfigLoader loader =
        options
            .loader()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("backbone.address", backbone.address())
            .set("classifier.stateDir", broker.dataDir().resolve("state"));
    return label.set(trainer.set(loader), 0).load();
  }

  private static void count(SwapResult result, AtomicInteger swaps) {
    if (result instanceof SwapResult.Swapped) {
      swaps.incrementAndGet();
    }
  }
}

package io.afina.cli.models;

import io.afina.cli.models.ModelFileCommands.Export;
import io.afina.cli.models.ModelFileCommands.Import;
import io.afina.cli.models.ModelFileCommands.Prune;
import io.afina.cli.models.ModelMoveCommands.Pin;
import io.afina.cli.models.ModelMoveCommands.Promote;
import io.afina.cli.models.ModelMoveCommands.Rollback;
import io.afina.cli.models.ModelMoveCommands.Unpin;
import io.afina.cli.option.ClusterOptions;
import io.afina.lifecycle.ExitCode;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.Measures;
import io.afina.model.ModelLog;
import io.afina.trainer.judge.ChallengerTrial;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the versions of the head. */
@Command(
    name = "models",
    header = "List the versions of the head with their measures; promote, roll back, export.",
    description =
        "Writing takes the pen from the trainer that leads; it notices, reads what was written and goes on.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ModelShowCommand.class,
      ModelDiffCommand.class,
      ModelReportCommand.class,
      Promote.class,
      Rollback.class,
      Pin.class,
      Unpin.class,
      Export.class,
      Import.class,
      Prune.class
    })
public final class ModelsCommand implements Callable<Integer> {

  @Mixin private ClusterOptions cluster;

  @Override
  public Integer call() {
    try (ModelLog models = ModelRegistry.open(cluster.config())) {
      System.out.printf(
          "%7s  %-19s %-10s %6s %6s %8s %9s %6s %8s  %-20s  %s%n",
          "version",
          "alias",
          "verdict",
          "parent",
          "labels",
          "examples",
          "balanced",
          "ECE",
          "seconds",
          "created",
          "backbone");
      for (long version : models.versions()) {
        models.head(version).ifPresent(blob -> System.out.println(row(models, version, blob)));
      }
      ChallengerTrial.of(cluster.config(), models)
          .map(ChallengerTrial::toString)
          .ifPresent(System.out::println);
    }
    return ExitCode.OK.code();
  }

  private static String row(ModelLog models, long version, byte[] blob) {
    try {
      return row(ModelRegistry.aliases(models, version), HeadFile.read(blob).card());
    } catch (HeadRefusedException e) {
      return "%7d  unreadable: %s".formatted(version, e.why());
    }
  }

  private static String row(String aliases, HeadCard card) {
    Measures measures = card.measures();
    return "%7d  %-19s %-10s %6s %6d %8d %9s %6s %8.2f  %-20s  %.12s"
        .formatted(
            card.version(),
            aliases,
            card.verdict().decision().name().toLowerCase(Locale.ROOT),
            card.parent() == null ? "-" : card.parent(),
            card.labels().size(),
            card.training().examples(),
            measures == null ? "-" : "%.1f %%".formatted(100 * measures.balancedAccuracy()),
            measures == null ? "-" : "%.3f".formatted(measures.ece()),
            card.training().seconds(),
            card.created().truncatedTo(ChronoUnit.SECONDS),
            card.backbone());
  }
}

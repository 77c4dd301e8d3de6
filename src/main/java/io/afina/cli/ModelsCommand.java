package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.event.Topics;
import io.afina.lifecycle.ExitCode;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.ModelLog;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;

/** Lists the versions of the head. */
@Command(
    name = "models",
    header = "List the versions of the head with their measures.",
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {

  @Mixin private ClusterOptions cluster;

  @Override
  public Integer call() {
    AfinaConfig config = cluster.config();
    ReadyTopics.require(config, List.of(Topics.MODELS.name()));
    try (ModelLog models = ModelLog.open(config)) {
      models.readToEnd();
      System.out.printf(
          "%7s  %-9s %7s %7s %9s %9s %8s  %-20s  %s%n",
          "version",
          "",
          "parent",
          "labels",
          "examples",
          "training",
          "seconds",
          "created",
          "backbone");
      for (long version : models.versions()) {
        print(models, version);
      }
    }
    return ExitCode.OK.code();
  }

  private static void print(ModelLog models, long version) {
    boolean champion =
        models
            .alias(ModelKey.CHAMPION)
            .map(AliasRecord::version)
            .filter(v -> v == version)
            .isPresent();
    models.head(version).ifPresent(blob -> System.out.println(row(version, champion, blob)));
  }

  private static String row(long version, boolean champion, byte[] blob) {
    try {
      return row(champion, HeadFile.read(blob).card());
    } catch (HeadRefusedException e) {
      return "%7d  unreadable: %s".formatted(version, e.why());
    }
  }

  private static String row(boolean champion, HeadCard card) {
    return Ansi.AUTO.string(
        "%7d  @|green,bold %-9s|@ %7s %7d %9d %7.1f %% %8.2f  %-20s  %.12s"
            .formatted(
                card.version(),
                champion ? "champion" : "",
                card.parent() == null ? "-" : card.parent(),
                card.labels().size(),
                card.examples(),
                100 * card.trainAccuracy(),
                card.seconds(),
                card.created().truncatedTo(ChronoUnit.SECONDS),
                card.backbone()));
  }
}

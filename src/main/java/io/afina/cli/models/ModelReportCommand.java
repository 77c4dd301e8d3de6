package io.afina.cli.models;

import io.afina.cli.option.ClusterOptions;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.ModelLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a page about a head. */
@Command(
    name = "report",
    description = "Writes one page about a head, with charts, that needs no network.")
final class ModelReportCommand implements Runnable {

  @Mixin private ClusterOptions cluster;

  @Parameters(paramLabel = "VERSION")
  private long version;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "report.html",
      description = "The file to write; default: ${DEFAULT-VALUE}.")
  private Path out;

  @Override
  public void run() {
    try (ModelLog models = ModelRegistry.open(cluster.config())) {
      HeadCard card = ModelRegistry.require(models, version).card();
      Files.writeString(out, HeadReport.of(card, upTo(models)).page());
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot write %s: %s".formatted(out, e), e);
    }
  }

  /** The cards of all heads up to this one that can be read, oldest first. */
  private List<HeadCard> upTo(ModelLog models) {
    List<HeadCard> cards = new ArrayList<>();
    for (long older : models.versions().headSet(version, true)) {
      models.head(older).flatMap(HeadFile::card).ifPresent(cards::add);
    }
    return cards;
  }
}

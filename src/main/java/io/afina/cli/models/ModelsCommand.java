package io.afina.cli.models;

import io.afina.cli.option.AuthorOptions;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.SigningOption;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.event.BackboneRecord;
import io.afina.event.ModelKey;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRefusedException;
import io.afina.model.Measures;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.trainer.judge.ChallengerTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the versions of the head; its methods are the subcommands that change them. */
@Command(
    name = "models",
    header = "List the versions of the head with their measures; promote, roll back, export.",
    description =
        "Writing fences the trainer that leads: it notices, reads what was written and goes on.",
    subcommands = {ModelShowCommand.class, ModelDiffCommand.class, ModelReportCommand.class})
public final class ModelsCommand implements Runnable {

  @Mixin private ClusterOptions cluster;

  @Override
  public void run() {
    try (ModelLog models = ModelRegistry.open(cluster.config())) {
      list(models).forEach(System.out::println);
      ChallengerTrial.of(cluster.config(), models)
          .map(ChallengerTrial::toString)
          .ifPresent(System.out::println);
    }
  }

  /** All versions, a line each, under a line that says what stands where. */
  static List<String> list(ModelLog models) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%7s  %-19s %-10s %6s %6s %8s %9s %8s %6s %8s  %-16s %-20s  %s"
            .formatted(
                "version",
                "alias",
                "verdict",
                "parent",
                "labels",
                "examples",
                "balanced",
                "trained",
                "ECE",
                "seconds",
                "recipe",
                "created",
                "backbone"));
    for (long version : models.versions()) {
      models.head(version).ifPresent(blob -> lines.add(row(models, version, blob)));
    }
    untrained(models).ifPresent(lines::add);
    models.backbones().forEach((id, said) -> lines.add(backbone(id, said)));
    return lines;
  }

  private static String backbone(String id, BackboneRecord said) {
    return "backbone %.12s (%s) is %s since %s; 'afina backbone status' shows more"
        .formatted(
            id,
            TerminalText.text(said.name()),
            said.state().name().toLowerCase(Locale.ROOT),
            said.at().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Why the trainer makes no new head, where it cannot. */
  static Optional<String> untrained(ModelLog models) {
    return models
        .alias(ModelKey.UNTRAINED)
        .map(said -> "no new head is trained: " + TerminalText.text(said.why()));
  }

  private static String row(ModelLog models, long version, byte[] blob) {
    try {
      return row(ModelRegistry.aliases(models, version), HeadFile.read(blob).card());
    } catch (HeadRefusedException e) {
      return "%7d  unreadable: %s".formatted(version, TerminalText.text(e.why()));
    }
  }

  private static String row(String aliases, HeadCard card) {
    Measures measures = card.measures();
    HeadRecipe recipe = card.training().recipe();
    return "%7d  %-19s %-10s %6s %6d %8d %9s %8s %6s %8.2f  %-16s %-20s  %.12s"
        .formatted(
            card.version(),
            aliases,
            card.verdict().decision().name().toLowerCase(Locale.ROOT),
            card.parent() == null ? "-" : card.parent(),
            card.labels().size(),
            card.training().examples(),
            measures == null ? "-" : "%.1f %%".formatted(100 * measures.balancedAccuracy()),
            "%.1f %%".formatted(100 * card.training().accuracy()),
            measures == null ? "-" : "%.3f".formatted(measures.ece()),
            card.training().seconds(),
            recipe == null ? "-" : recipe.text(),
            card.created().truncatedTo(ChronoUnit.SECONDS),
            TerminalText.text(card.backbone()));
  }

  @Command(
      name = "promote",
      description = "Lets a head answer; the champion becomes the one before.",
      mixinStandardHelpOptions = true)
  void promote(
      @Mixin MoveOptions by,
      @Mixin SigningOption signing,
      @Parameters(paramLabel = "VERSION") long version) {
    AfinaConfig config = signing.set(by.cluster.loader()).load();
    by.move(
        config,
        "head " + version + " answers",
        (writer, models) -> {
          ModelRegistry.requireLoaded(config, models, version);
          writer.promote(version, by.author.who(), by.author.why());
        });
  }

  @Command(
      name = "rollback",
      description =
          "Lets the champion before answer again, and holds it there until 'afina models unpin'.",
      mixinStandardHelpOptions = true)
  void rollback(
      @Mixin MoveOptions by,
      @Option(names = "--no-pin", description = "Lets the next training bring another one.")
          boolean noPin) {
    by.move(
        noPin ? "rolled back" : "rolled back and pinned",
        writer -> writer.rollback(by.author.who(), by.author.why(), !noPin));
  }

  @Command(
      name = "pin",
      description =
          "Holds the champion: heads are trained, judged and published, and not promoted.",
      mixinStandardHelpOptions = true)
  void pin(@Mixin MoveOptions by) {
    by.move("pinned", writer -> writer.pin(by.author.who(), by.author.why()));
  }

  @Command(
      name = "unpin",
      description = "Lets heads be promoted again.",
      mixinStandardHelpOptions = true)
  void unpin(@Mixin MoveOptions by) {
    by.move("unpinned", writer -> writer.unpin(by.author.who(), by.author.why()));
  }

  @Command(
      name = "export",
      description = "Writes a head to a file, as safetensors.",
      mixinStandardHelpOptions = true)
  void export(
      @Mixin ClusterOptions from,
      @Parameters(index = "0", paramLabel = "VERSION") long version,
      @Parameters(index = "1", paramLabel = "FILE") Path file) {
    try (ModelLog models = ModelRegistry.open(from.config())) {
      Files.write(file, ModelRegistry.blob(models, version));
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot write %s: %s".formatted(file, e), e);
    }
  }

  @Command(
      name = "import",
      description =
          "Publishes the head in a file under the next version; promote it to let it answer.",
      mixinStandardHelpOptions = true)
  void publish(
      @Mixin ClusterOptions to,
      @Mixin SigningOption signing,
      @Parameters(paramLabel = "FILE") Path file) {
    Head head = ModelRegistry.read(file.toString(), bytes(file));
    ModelRegistry.write(
        signing.set(to.loader()).load(),
        (writer, models) -> {
          long version = models.newest() + 1;
          String why = "was head %d in %s".formatted(head.version(), file.getFileName());
          HeadCard card = head.card().imported(version, why);
          writer.publish(new Head(card, head.layers(), head.centroids()));
          System.out.println("head " + version);
        });
  }

  @Command(
      name = "prune",
      description = "Removes old heads for good; those that an alias points at stay.",
      mixinStandardHelpOptions = true)
  void prune(
      @Mixin ClusterOptions of,
      @Option(
              names = "--keep",
              paramLabel = "K",
              required = true,
              description = "How many of the newest heads stay.")
          int keep) {
    ModelRegistry.write(
        of.config(),
        (writer, models) -> {
          List<Long> old = models.prunable(keep);
          if (!old.isEmpty()) {
            writer.remove(old);
          }
          System.out.printf("%d removed%n", old.size());
        });
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AfinaException(ExitCode.NOT_FOUND, "cannot read %s: %s".formatted(file, e), e);
    }
  }

  /** The options that say who moves an alias and why, as it is written into its record. */
  static final class MoveOptions {

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Mixin private AuthorOptions author = new AuthorOptions();

    private void move(String done, Consumer<ModelWriter> change) {
      move(cluster.config(), done, (writer, models) -> change.accept(writer));
    }

    private void move(AfinaConfig config, String done, BiConsumer<ModelWriter, ModelLog> change) {
      ModelRegistry.write(config, change);
      System.out.println(done);
    }
  }
}

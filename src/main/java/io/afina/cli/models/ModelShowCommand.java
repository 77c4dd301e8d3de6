package io.afina.cli.models;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.event.AliasRecord;
import io.afina.model.Disagreement;
import io.afina.model.Disagreement.Dissent;
import io.afina.model.HeadCard;
import io.afina.model.HeadCard.Training;
import io.afina.model.HeadFile;
import io.afina.model.LeftOut;
import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Measures.Method;
import io.afina.model.ModelLog;
import io.afina.model.Race;
import io.afina.model.Race.Entrant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows all that is known of a head. */
@Command(
    name = "show",
    description =
        "Shows how a head was made, how good it is, label by label, and what it confuses.")
final class ModelShowCommand implements Runnable {

  /** A label this far below the mean recall is marked. */
  private static final double FAR_BELOW = 0.15;

  @Mixin private ClusterOptions cluster;

  @Parameters(paramLabel = "VERSION")
  private long version;

  @Override
  public void run() {
    try (ModelLog models = ModelRegistry.open(cluster.config())) {
      HeadCard card = ModelRegistry.require(models, version).card();
      head(models, card);
      if (card.measures() != null) {
        measures(card, card.measures());
      }
      models.aliases().forEach(ModelShowCommand::alias);
    }
  }

  private static void head(ModelLog models, HeadCard card) {
    line("version", card.version() + "  " + ModelRegistry.aliases(models, card.version()));
    line("verdict", "%s: %s".formatted(card.verdict().decision(), card.verdict().why()));
    line("parent", card.parent() == null ? "none: trained from nothing" : card.parent());
    line("backbone", card.backbone());
    line("created", card.created());
    recipe(card.training());
    line(
        "trained on",
        "%d examples; right in %.1f %% of them"
            .formatted(card.training().examples(), 100 * card.training().accuracy()));
    line(
        "took",
        "%.2f s on %s, seed %d"
            .formatted(
                card.training().seconds(), card.training().device(), card.training().seed()));
    line("signed", HeadFile.isSigned(ModelRegistry.blob(models, card.version())) ? "yes" : "no");
    Optional.ofNullable(card.training().leftOut()).ifPresent(all -> line("left out", leftOut(all)));
    disagreement(card.training().disagreement());
    line("temperature", "%.3f".formatted(card.temperature()));
    Optional.ofNullable(card.acceptance())
        .ifPresent(
            acceptance ->
                line(
                    "promises",
                    "%.1f %%; %s".formatted(100 * acceptance.precision(), acceptance.why())));
  }

  private static void recipe(Training training) {
    if (training.recipe() != null) {
      line("recipe", training.recipe().text());
    }
    if (training.race() != null) {
      race(training.race()).forEach(System.out::println);
    }
  }

  /** What a race found, a line each; nothing where one could take part alone. */
  static List<String> race(Race race) {
    List<String> lines = new ArrayList<>();
    if (!race.entrants().isEmpty()) {
      lines.add(
          "%-14s on %d examples, none of which judges; took %.2f s"
              .formatted("race", race.examples(), race.seconds()));
    }
    for (Entrant entrant : race.entrants()) {
      lines.add(
          "  %-28s accuracy %5.1f %%, log loss %.3f, %.2f s  %s"
              .formatted(
                  entrant.recipe().text(),
                  100 * entrant.accuracy(),
                  entrant.loss(),
                  entrant.seconds(),
                  race.isWinner(entrant) ? "chosen" : "")
              .stripTrailing());
    }
    return lines;
  }

  /** How the figures came about. */
  static String judged(HeadCard card, Measures measures) {
    return "on %d examples by %s%s"
        .formatted(
            measures.examples(),
            measures.method() == Method.HOLDOUT ? "holdout" : "cross-validation",
            card.training().recipe() == null
                ? ""
                : ", of stand-ins of this recipe that had not seen them; the head itself was then trained on all");
  }

  static String leftOut(LeftOut all) {
    return "%d labels with %d examples, because there are too many: %s%s"
        .formatted(
            all.labels(),
            all.examples(),
            all.most().stream().map(TerminalText::text).collect(Collectors.joining(", ")),
            all.labels() > all.most().size() ? ", …" : "");
  }

  private static void disagreement(@Nullable Disagreement all) {
    if (all == null || all.images() + all.undecided() == 0) {
      return;
    }
    line(
        "labellers",
        "several on %d images, who differ on %d; %d images wait for more to agree"
            .formatted(all.images(), all.disputed(), all.undecided()));
    all.labellers().forEach(one -> dissent("labeller", one));
    all.labels().forEach(one -> dissent("label", one));
  }

  private static void dissent(String what, Dissent one) {
    System.out.printf(
        "  %-9s %-30s %d of %d against what counts%n",
        what,
        one.name().isEmpty() ? "(unknown)" : TerminalText.text(one.name()),
        one.against(),
        one.votes());
  }

  private static void measures(HeadCard card, Measures measures) {
    line("judged", judged(card, measures));
    line(
        "accuracy",
        "%.1f %%, balanced %.1f %%; always the commonest label: %.1f %%"
            .formatted(
                100 * measures.accuracy(),
                100 * measures.balancedAccuracy(),
                100 * measures.majority()));
    line(
        "calibration",
        "ECE %.3f, without temperature %.3f".formatted(measures.ece(), measures.eceUncalibrated()));
    System.out.printf("%n  %-30s %9s %8s %10s%n", "label", "examples", "recall", "precision");
    measures.labels().forEach(label -> label(label, measures.balancedAccuracy()));
    System.out.printf("%n  %-30s %-30s %6s%n", "is", "was taken for", "times");
    measures.confusion().stream()
        .filter(cell -> !cell.actual().equals(cell.answered()))
        .sorted(Comparator.comparingInt(cell -> -cell.count()))
        .forEach(
            cell ->
                System.out.printf(
                    "  %-30s %-30s %6d%n",
                    TerminalText.text(cell.actual()),
                    TerminalText.text(cell.answered()),
                    cell.count()));
  }

  private static void label(LabelMeasures label, double mean) {
    System.out.printf(
        "  %-30s %9d %6.1f %% %8.1f %%  %s%n",
        TerminalText.text(label.label()),
        label.examples(),
        100 * label.recall(),
        100 * label.precision(),
        label.examples() > 0 && label.recall() < mean - FAR_BELOW ? "far below the mean" : "");
  }

  private static void alias(String name, AliasRecord record) {
    System.out.printf("%n  %s%n", name);
    move(record.version(), record.at() + " " + record.who() + ": " + record.why());
    record
        .history()
        .forEach(move -> move(move.version(), move.at() + " " + move.who() + ": " + move.why()));
  }

  private static void move(@Nullable Long version, String how) {
    System.out.printf("  %8s  %s%n", version == null ? "none" : version, TerminalText.text(how));
  }

  private static void line(String name, Object value) {
    System.out.printf("%-14s %s%n", name, TerminalText.text(value.toString()));
  }
}

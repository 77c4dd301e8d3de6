package io.afina.cli;

import io.afina.cli.models.ModelRegistry;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.decide.Acceptance;
import io.afina.decide.Acceptance.Point;
import io.afina.decide.ThresholdSearch;
import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.ModelLog;
import io.afina.model.WilsonInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what may be used unseen, and what other promises would cost. */
@Command(name = "decide", header = "Which predictions may be used unseen, at a promised precision.")
final class DecideCommand {

  private static final double[] PROMISES = {0.8, 0.9, 0.95, 0.98, 0.99, 0.995};
  private static final int BAR = 40;
  private static final int ROWS = 10;

  @Command(
      name = "simulate",
      header = "Print precision against coverage, by the judged answers of the champion's card.",
      mixinStandardHelpOptions = true)
  void simulate(@Mixin ClusterOptions cluster) {
    try (ModelLog models = ModelRegistry.open(cluster.config())) {
      lines(champion(models)).forEach(System.out::println);
    }
  }

  private static HeadCard champion(ModelLog models) {
    return models
        .alias(ModelKey.CHAMPION)
        .map(AliasRecord::version)
        .flatMap(models::head)
        .flatMap(HeadFile::card)
        .map(card -> corrected(card, models))
        .orElseThrow(
            () -> new AfinaException(ExitCode.NOT_FOUND, "no head answers yet: label some images"));
  }

  private static HeadCard corrected(HeadCard card, ModelLog models) {
    Acceptance acceptance = card.acceptance();
    return acceptance == null
        ? card
        : models
            .doubt(card.version())
            .map(now -> card.with(acceptance.corrected(now.doubt())))
            .orElse(card);
  }

  /** What is known of a head's decisions. */
  static List<String> lines(HeadCard card) {
    Acceptance acceptance =
        Optional.ofNullable(card.acceptance())
            .orElseThrow(
                () ->
                    new AfinaException(
                        ExitCode.NOT_FOUND,
                        "head %d promises nothing: start the trainer with decide.precision, such as 'afina train --set decide.precision=0.95', and it judges the next head"
                            .formatted(card.version())));
    List<String> lines = new ArrayList<>();
    lines.add(
        "head %d promises %s: %s"
            .formatted(card.version(), percent(acceptance.precision()), acceptance.why()));
    lines.add(
        acceptance.threshold() == null
            ? "nothing is accepted yet"
            : "accepts from a confidence of %.4f on%s"
                .formatted(
                    1 - (1 - acceptance.threshold()) * acceptance.doubt(),
                    acceptance.doubt() < 1
                        ? ", corrected from %.4f by audited answers"
                            .formatted(acceptance.threshold())
                        : ""));
    acceptance
        .labels()
        .forEach(
            own ->
                lines.add(
                    "  '%s' promises %s%s"
                        .formatted(
                            TerminalText.text(own.label()),
                            percent(own.precision()),
                            own.threshold() == null
                                ? ": nothing is accepted yet"
                                : " from %.4f on".formatted(own.threshold()))));
    lines.addAll(promises(acceptance));
    lines.addAll(chart(acceptance));
    return lines;
  }

  /** What would be accepted at other promises, by the same test. */
  private static List<String> promises(Acceptance acceptance) {
    List<String> lines = new ArrayList<>(List.of(""));
    lines.add("%9s %11s %10s".formatted("promise", "confidence", "accepted"));
    for (double promise : PROMISES) {
      lines.add(
          ThresholdSearch.lowest(acceptance.curve(), promise)
              .map(
                  point ->
                      "%9s %11.4f %10s"
                          .formatted(
                              percent(promise), point.threshold(), accepted(point, acceptance)))
              .orElseGet(() -> "%9s %11s %10s".formatted(percent(promise), "-", "nothing")));
    }
    return lines;
  }

  /** Precision over coverage. */
  private static List<String> chart(Acceptance acceptance) {
    List<Point> curve = acceptance.curve();
    List<String> lines = new ArrayList<>(List.of(""));
    lines.add("%9s %11s  %-40s %s".formatted("accepted", "confidence", "right", "95 % interval"));
    int step = Math.max(1, curve.size() / ROWS);
    for (int n = step - 1; n < curve.size(); n += step) {
      Point point = curve.get(n);
      WilsonInterval right = WilsonInterval.of(point.right(), point.accepted());
      int filled = Math.round((float) BAR * point.right() / point.accepted());
      lines.add(
          "%9s %11.4f  %s%s %s (%s to %s)"
              .formatted(
                  accepted(point, acceptance),
                  point.threshold(),
                  "█".repeat(filled),
                  "░".repeat(BAR - filled),
                  percent((double) point.right() / point.accepted()),
                  percent(right.low()),
                  percent(right.high())));
    }
    return lines;
  }

  private static String accepted(Point point, Acceptance acceptance) {
    return percent((double) point.accepted() / acceptance.answers());
  }

  private static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }
}

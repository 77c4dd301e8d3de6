package io.afina.cli.models;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.model.HeadCard;
import io.afina.model.HeadRecipe;
import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.ModelLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what is different between two heads. */
@Command(
    name = "diff",
    description =
        "Shows what is different between two heads: labels, measures, how they were made.")
final class ModelDiffCommand implements Runnable {

  @Mixin private ClusterOptions cluster;

  @Parameters(index = "0", paramLabel = "A")
  private long one;

  @Parameters(index = "1", paramLabel = "B")
  private long other;

  @Override
  public void run() {
    try (ModelLog models = ModelRegistry.open(cluster.config())) {
      lines(ModelRegistry.require(models, one).card(), ModelRegistry.require(models, other).card())
          .forEach(System.out::println);
    }
  }

  /** The differences of two heads, a line each. */
  static List<String> lines(HeadCard a, HeadCard b) {
    List<String> lines = new ArrayList<>();
    lines.add("%-24s %22s %22s".formatted("", "head " + a.version(), "head " + b.version()));
    made(lines, a, b);
    b.labels().stream()
        .filter(label -> !a.labels().contains(label))
        .forEach(label -> lines.add("+ label " + TerminalText.text(label)));
    a.labels().stream()
        .filter(label -> !b.labels().contains(label))
        .forEach(label -> lines.add("- label " + TerminalText.text(label)));
    if (a.measures() != null && b.measures() != null) {
      measured(lines, a.measures(), b.measures());
    }
    return lines;
  }

  private static void made(List<String> lines, HeadCard a, HeadCard b) {
    line(lines, "backbone", "%.12s".formatted(a.backbone()), "%.12s".formatted(b.backbone()));
    line(lines, "inputs", a.inputs(), b.inputs());
    line(lines, "parent", a.parent(), b.parent());
    line(lines, "verdict", a.verdict().decision(), b.verdict().decision());
    line(lines, "labels", a.labels().size(), b.labels().size());
    line(lines, "examples", a.training().examples(), b.training().examples());
    line(lines, "recipe", recipe(a), recipe(b));
    line(lines, "judging share", a.training().holdoutShare(), b.training().holdoutShare());
    line(lines, "right where trained", a.training().accuracy(), b.training().accuracy());
    line(lines, "seed", a.training().seed(), b.training().seed());
    line(lines, "device", a.training().device(), b.training().device());
    line(lines, "seconds", a.training().seconds(), b.training().seconds());
    line(lines, "temperature", a.temperature(), b.temperature());
  }

  private static @Nullable String recipe(HeadCard card) {
    HeadRecipe recipe = card.training().recipe();
    return recipe == null ? null : recipe.text();
  }

  private static void measured(List<String> lines, Measures a, Measures b) {
    line(lines, "judged by", a.method(), b.method());
    line(lines, "judged on", a.examples(), b.examples());
    line(lines, "accuracy", a.accuracy(), b.accuracy());
    line(lines, "balanced accuracy", a.balancedAccuracy(), b.balancedAccuracy());
    line(lines, "log loss", a.logLoss(), b.logLoss());
    line(lines, "ECE", a.ece(), b.ece());
    Map<String, LabelMeasures> before = byLabel(a);
    Map<String, LabelMeasures> after = byLabel(b);
    TreeMap<String, LabelMeasures> all = new TreeMap<>(before);
    all.putAll(after);
    all.keySet()
        .forEach(
            label ->
                line(
                    lines,
                    "recall of " + TerminalText.text(label),
                    recall(before.get(label)),
                    recall(after.get(label))));
  }

  private static Map<String, LabelMeasures> byLabel(Measures measures) {
    Map<String, LabelMeasures> labels = new TreeMap<>();
    measures.labels().forEach(label -> labels.put(label.label(), label));
    return labels;
  }

  private static @Nullable String recall(@Nullable LabelMeasures label) {
    return label == null || label.examples() == 0
        ? null
        : "%.1f %% of %d".formatted(100 * label.recall(), label.examples());
  }

  private static void line(
      List<String> lines, String what, @Nullable Object a, @Nullable Object b) {
    if (!Objects.equals(a, b)) {
      lines.add("%-24s %22s %22s".formatted(what, text(a), text(b)));
    }
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "-";
    }
    return value instanceof Double number
        ? "%.4f".formatted(number)
        : TerminalText.text(value.toString());
  }
}

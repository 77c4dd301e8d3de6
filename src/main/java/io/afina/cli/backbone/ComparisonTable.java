package io.afina.cli.backbone;

import io.afina.selection.BackboneComparison;
import io.afina.selection.BackboneResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a comparison of backbones for a terminal. */
final class ComparisonTable {

  private ComparisonTable() {}

  static List<String> of(BackboneComparison comparison) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d%s pictures, %d labels"
            .formatted(
                comparison.pictures(),
                comparison.pictures() < comparison.available()
                    ? " of " + comparison.available()
                    : "",
                comparison.labels()));
    int width = comparison.results().stream().mapToInt(r -> r.shortName().length()).max().orElse(0);
    String name = "%-" + Math.max(8, width) + "s";
    lines.add(
        (name + "  %8s  %-15s  %10s  %9s  %7s  %8s  %-12s  %s")
            .formatted(
                "backbone",
                "accuracy",
                "95 %",
                "pictures/s",
                "embedding",
                "file MB",
                "RAM MB",
                "licence",
                "with few a label"));
    for (BackboneResult result : comparison.results()) {
      lines.add(row(name, result));
    }
    comparison.results().stream()
        .filter(result -> result.unusable() > 0)
        .findFirst()
        .ifPresent(
            result -> lines.add("%d pictures cannot be decoded".formatted(result.unusable())));
    lines.add("take " + comparison.choice().why());
    return lines;
  }

  private static String row(String name, BackboneResult result) {
    return String.format(
        Locale.ROOT,
        name + "  %8s  %-15s  %10.0f  %9d  %7.1f  %8s  %-12s  %s",
        result.shortName(),
        percent(result.share()),
        percent(result.accuracy().low()) + "-" + percent(result.accuracy().high()),
        result.picturesPerSecond(),
        result.embeddingSize(),
        result.fileMegabytes(),
        Stream.ofNullable(result.memoryMegabytes())
            .map(mega -> String.format(Locale.ROOT, "%.0f", mega))
            .findFirst()
            .orElse("-"),
        result.licence(),
        result.fewExamples().stream()
            .map(few -> few.examples() + ": " + percent(few.accuracy()))
            .collect(Collectors.joining(", ")));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}

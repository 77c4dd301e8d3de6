package io.afina.soak;

import io.afina.event.Json;
import io.afina.http.WebAssets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a soak came to: a table of slopes, every look, and a chart. */
record SoakReport(Map<String, List<Double>> series, Duration betweenLooks) {

  /** The first fifth is not judged: code is compiled, caches and the old generation fill. */
  private static final int SETTLING = 5;

  /** Grows by its nature. */
  private static final String COUNTED = "heads put in place";

  /** A row a figure. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(row("", "mean", "growth", "99 %", ""));
    settled()
        .forEach(
            (name, slope) ->
                lines.add(
                    row(
                        name,
                        "%.1f".formatted(slope.mean()),
                        "%+.2f".formatted(slope.growth()),
                        "± %.2f".formatted(slope.error()),
                        slope.isFlat() ? "flat" : "GROWS")));
    series.forEach(
        (name, values) -> {
          if (name.endsWith(COUNTED)) {
            lines.add("%s: %.0f".formatted(name, values.get(values.size() - 1)));
          }
        });
    lines.add(
        "%d looks, one every %d s; the first fifth is not judged. Flat: the 99 %% interval of the growth reaches 0, or it is at most 2 %% of the mean."
            .formatted(looks(), betweenLooks.toSeconds()));
    return lines;
  }

  private static String row(String name, String mean, String growth, String error, String word) {
    return "%-38s %10s %10s %10s  %s".formatted(name, mean, growth, error, word).stripTrailing();
  }

  /** Whether nothing grows. */
  boolean isFlat() {
    return settled().values().stream().allMatch(Slope::isFlat);
  }

  /** Writes {@code soak.csv}, {@code soak.txt} and the chart. */
  void write(Path folder) throws IOException {
    Files.write(folder.resolve("soak.txt"), lines());
    Files.write(folder.resolve("soak.csv"), csv());
    Files.writeString(folder.resolve("soak.html"), page());
  }

  /** The looks of an earlier one, from its {@code soak.csv}. */
  static SoakReport read(Path csv) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    List<String> names = List.of(lines.get(0).replaceAll("^minutes,\"|\"$", "").split("\",\"", -1));
    Map<String, List<Double>> series = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] values = line.split(",", -1);
      for (int i = 0; i < names.size(); i++) {
        series
            .computeIfAbsent(names.get(i), name -> new ArrayList<>())
            .add(Double.valueOf(values[i + 1]));
      }
    }
    double minutes = Double.parseDouble(lines.get(1).split(",", -1)[0]);
    return new SoakReport(series, Duration.ofMillis(Math.round(minutes * 60_000)));
  }

  private String page() throws IOException {
    String data =
        new String(
            Json.write(Map.of("minutes", betweenLooks.toMillis() / 60_000.0, "series", series)),
            StandardCharsets.UTF_8);
    try (InputStream in =
        Objects.requireNonNull(SoakReport.class.getResourceAsStream("soak.html"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("{{echarts}}", WebAssets.inlineEcharts("echarts.min.js"))
          .replace("{{data}}", data);
    }
  }

  private Map<String, Slope> settled() {
    return series.entrySet().stream()
        .filter(entry -> !entry.getKey().endsWith(COUNTED))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> Slope.of(entry.getValue().subList(looks() / SETTLING, looks())),
                (one, other) -> one,
                TreeMap::new));
  }

  private int looks() {
    return series.values().iterator().next().size();
  }

  private List<String> csv() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "minutes,"
            + series.keySet().stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(",")));
    for (int look = 0; look < looks(); look++) {
      int at = look;
      lines.add(
          "%.2f,".formatted(minutes(at))
              + series.values().stream()
                  .map(values -> "%.2f".formatted(values.get(at)))
                  .collect(Collectors.joining(",")));
    }
    return lines;
  }

  private double minutes(int look) {
    return (look + 1) * betweenLooks.toMillis() / 60_000.0;
  }
}

package io.afina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What a soak came to: a table of slopes, every look, and a chart. */
record SoakReport(Map<String, List<Double>> series, Duration betweenLooks) {

  /** The first fifth is not judged: code is compiled, caches and the old generation fill. */
  private static final int SETTLING = 5;

  /** Grows by its nature. */
  private static final String COUNTED = "heads put in place";

  private static final int WIDTH = 900;
  private static final int HEIGHT = 230;

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

  /** Writes {@code soak.csv}, {@code soak.txt} and the charts. */
  void write(Path folder) throws IOException {
    Files.write(folder.resolve("soak.txt"), lines());
    Files.write(folder.resolve("soak.csv"), csv());
    BitmapEncoder.saveBitmap(
        charts(), charts().size(), 1, folder.resolve("soak.png").toString(), BitmapFormat.PNG);
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

  /** One a unit: what is in MB together, and so on. */
  private List<XYChart> charts() {
    return List.of(
        chart("MB", ", MB"),
        chart("handles and threads", "handles", "threads"),
        chart("ms", ", ms"));
  }

  private XYChart chart(String unit, String... endings) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("minutes")
            .yAxisTitle(unit)
            .build();
    chart.getStyler().setYAxisMin(0.0).setLegendPosition(Styler.LegendPosition.OutsideE);
    List<Double> minutes = IntStream.range(0, looks()).mapToObj(this::minutes).toList();
    series.forEach(
        (name, values) -> {
          if (List.of(endings).stream().anyMatch(name::endsWith)) {
            chart.addSeries(name, minutes, values).setMarker(SeriesMarkers.NONE);
          }
        });
    return chart;
  }

  private double minutes(int look) {
    return (look + 1) * betweenLooks.toMillis() / 60_000.0;
  }
}

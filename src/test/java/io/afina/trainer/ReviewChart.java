package io.afina.trainer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.http.WebAssets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** Draws the curves of {@link ReviewBench} as an HTML page. */
final class ReviewChart {

  private ReviewChart() {}

  /** A chart of accuracy by the number of labels. */
  static String of(String title, Map<String, NavigableMap<Integer, Double>> curves, double enough)
      throws IOException {
    List<Map<String, Object>> series = new ArrayList<>();
    curves.forEach(
        (name, curve) ->
            series.add(
                Map.of(
                    "name",
                    name,
                    "type",
                    "line",
                    "showSymbol",
                    false,
                    "data",
                    curve.entrySet().stream()
                        .map(point -> List.of(point.getKey(), 100 * point.getValue()))
                        .toList(),
                    "markLine",
                    Map.of("symbol", "none", "data", List.of(Map.of("yAxis", 100 * enough))))));
    Map<String, Object> options =
        Map.of(
            "title", Map.of("text", title + ": right, in %, after so many labels"),
            "legend", Map.of("bottom", 0),
            "tooltip", Map.of("trigger", "axis"),
            "xAxis", Map.of("type", "value", "name", "labels"),
            "yAxis", Map.of("type", "value", "scale", true),
            "series", series);
    return "<div class=\"chart\" id=\"%s\"></div><script>echarts.init(document.getElementById('%s')).setOption(%s)</script>%n"
        .formatted(title, title, new JsonMapper().writeValueAsString(options));
  }

  /** Writes all charts as one page. */
  static void write(Path file, StringBuilder charts) throws IOException {
    String page =
        "<!doctype html><meta charset=\"utf-8\"><title>What the review queue"
            + " saves</title><style>body{display:grid;grid-template-columns:1fr"
            + " 1fr;background:#fff}.chart{width:640px;height:340px}</style><script>"
            + WebAssets.inlineEcharts("echarts.common.min.js")
            + "</script>\n"
            + charts;
    Files.writeString(file, page);
    System.out.println("chart in " + file);
  }
}

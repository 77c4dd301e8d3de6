package io.afina.trainer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.http.WebAssets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Draws the curves of {@link ReviewBench} as an HTML page. */
final class ReviewChart {

  private ReviewChart() {}

  /** A chart of accuracy by the number of labels; a point every {@code step} labels. */
  static String of(String title, Map<String, double[]> curves, double enough, int step)
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
                    IntStream.range(0, curve.length)
                        .mapToObj(n -> List.of((n + 1) * step, 100 * curve[n]))
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
            + " saves</title><style>.chart{width:900px;height:480px}</style><script>"
            + WebAssets.inlineEcharts("echarts.common.min.js")
            + "</script>\n"
            + charts;
    Files.writeString(file, page);
    System.out.println("chart in " + file);
  }
}

package io.afina.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.afina.http.WebAssets;
import io.afina.system.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Draws the dashboards as Grafana would lay them out, from what their queries give, by ECharts in a
 * browser. Grafana itself cannot be run everywhere.
 */
final class DrawnDashboards {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final int WIDTH = 1520;
  private static final int HEIGHT = 1000;
  private static final int POINTS = 240;

  private final Prometheus prometheus;
  private final Browser browser;
  private final String rateInterval;

  /**
   * @param rateInterval for Grafana's {@code $__rate_interval}
   */
  DrawnDashboards(Prometheus prometheus, Browser browser, String rateInterval) {
    this.prometheus = prometheus;
    this.browser = browser;
    this.rateInterval = rateInterval;
  }

  /** Draws each of them to a PNG, named by its id, into a folder. */
  void draw(Path folder, Instant from, Instant to) throws IOException {
    Files.createDirectories(folder);
    for (JsonNode dashboard : MonitoringRules.dashboards()) {
      String name = dashboard.get("uid").asText();
      Path page = Files.createTempFile(name, ".html");
      String data = JSON.writeValueAsString(queried(dashboard, from, to));
      Files.writeString(
          page,
          resource()
              .replace("{{echarts}}", WebAssets.inlineEcharts("echarts.min.js"))
              .replace("{{data}}", data));
      browser.size(WIDTH, HEIGHT);
      browser.go(page.toUri().toString());
      browser.picture(folder.resolve(name + ".png"));
      Files.delete(page);
    }
  }

  private ObjectNode queried(JsonNode dashboard, Instant from, Instant to) {
    ObjectNode data = JSON.createObjectNode();
    data.put("title", dashboard.get("title").asText());
    data.put("from", from.getEpochSecond());
    data.put("to", to.getEpochSecond());
    data.put("step", step(from, to).toSeconds());
    ArrayNode panels = data.putArray("panels");
    for (JsonNode panel : dashboard.get("panels")) {
      ObjectNode drawn = panels.addObject();
      drawn.set("panel", panel);
      ArrayNode series = drawn.putArray("series");
      panel.get("targets").forEach(target -> series.addAll(series(target, from, to)));
    }
    ArrayNode swaps = data.putArray("swaps");
    String expression = dashboard.at("/annotations/list/0/target/expr").asText();
    for (JsonNode found : range(expression, from, to)) {
      found.get("values").forEach(value -> swaps.add(value.get(0)));
    }
    return data;
  }

  private ArrayNode series(JsonNode target, Instant from, Instant to) {
    ArrayNode all = JSON.createArrayNode();
    String legend = target.path("legendFormat").asText();
    for (JsonNode found : range(target.get("expr").asText(), from, to)) {
      ObjectNode series = all.addObject();
      series.put("name", named(legend, found.get("metric")));
      ArrayNode values = series.putArray("values");
      for (JsonNode value : found.get("values")) {
        double number = Double.parseDouble(value.get(1).asText().replace("Inf", "Infinity"));
        ArrayNode point = values.addArray().add(value.get(0));
        if (Double.isFinite(number)) {
          point.add(number);
        } else {
          point.addNull();
        }
      }
    }
    return all;
  }

  private JsonNode range(String expression, Instant from, Instant to) {
    return prometheus.range(
        MonitoringRules.filledIn(expression, rateInterval), from, to, step(from, to));
  }

  private static Duration step(Instant from, Instant to) {
    return Duration.ofSeconds(Math.max(1, Duration.between(from, to).toSeconds() / POINTS));
  }

  private static String named(String legend, JsonNode labels) {
    return LABEL
        .matcher(legend)
        .replaceAll((MatchResult label) -> labels.path(label.group(1)).asText());
  }

  private static String resource() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(DrawnDashboards.class.getResourceAsStream("dashboard.html"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

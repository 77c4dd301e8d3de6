package io.afina.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.event.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A report as one HTML file that loads nothing: the table, and the latencies as curves. */
public final class HtmlPage {

  private HtmlPage() {}

  /** The whole page. */
  public static String of(BenchReport report, List<String> table) {
    String json = new String(Json.write(report), StandardCharsets.UTF_8);
    return resource("report.html")
        .replace("%TABLE%", escaped(String.join("\n", table)))
        .replace("%ECHARTS%", resource(echarts()))
        // "</script>" in a name must not end the script.
        .replace("%REPORT%", json.replace("</", "<\\/"));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Where the jar of the charts has its file: the path holds its version. */
  private static String echarts() {
    String folder =
        parsed(resource("/META-INF/importmap.json")).at("/imports").get("echarts/dist/").asText();
    return "/META-INF/resources" + folder + "echarts.common.min.js";
  }

  private static JsonNode parsed(String json) {
    try {
      return new JsonMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(HtmlPage.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.afina.bench.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.event.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Writes a report as one HTML file: the table, and the latencies as curves. */
public final class HtmlPage {

  private HtmlPage() {}

  /** The whole page. */
  public static String of(BenchReport report, List<String> table) {
    String json = new String(Json.write(report), StandardCharsets.UTF_8);
    return resource("report.html")
        .replace("%TABLE%", escaped(String.join("\n", table)))
        .replace("%ECHARTS%", charts("echarts.common.min.js"))
        // "</script>" in a name must not end the script.
        .replace("%REPORT%", json.replace("</", "<\\/"));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** A script of Apache ECharts, to stand in a page; the path in its jar holds its version. */
  public static String charts(String file) {
    try {
      String folder =
          new JsonMapper()
              .readTree(resource("/META-INF/importmap.json"))
              .at("/imports")
              .get("echarts/dist/")
              .asText();
      return resource("/META-INF/resources" + folder + file).replace("</script", "<\\/script");
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

package io.afina.bench.report;

import io.afina.event.Json;
import io.afina.http.WebAssets;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a report as one HTML file: the table, and the latencies as curves. */
public final class HtmlPage {

  private HtmlPage() {}

  /** The whole page. */
  public static String of(BenchReport report, List<String> table) {
    String json = new String(Json.write(report), StandardCharsets.UTF_8);
    return WebAssets.text(HtmlPage.class, "report.html")
        .replace("%TABLE%", escaped(String.join("\n", table)))
        .replace("%ECHARTS%", WebAssets.inlineEcharts("echarts.common.min.js"))
        // "</script>" in a name must not end the script.
        .replace("%REPORT%", json.replace("</", "<\\/"));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

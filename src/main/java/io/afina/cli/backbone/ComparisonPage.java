package io.afina.cli.backbone;

import io.afina.event.Json;
import io.afina.http.WebAssets;
import io.afina.selection.BackboneComparison;
import java.nio.charset.StandardCharsets;

/**
 * Writes the page about a comparison of backbones, which draws its charts with Apache ECharts, as
 * SVG. Everything is in the one file: it opens without a network.
 */
final class ComparisonPage {

  private ComparisonPage() {}

  static String of(BackboneComparison comparison) {
    String json = new String(Json.write(comparison), StandardCharsets.UTF_8);
    return WebAssets.text(ComparisonPage.class, "compare.html")
        .replace("{{echarts}}", WebAssets.inlineEcharts("echarts.min.js"))
        // An address must not end the script.
        .replace("{{data}}", json.replace("<", "\\u003c"));
  }
}

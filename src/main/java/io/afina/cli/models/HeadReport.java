package io.afina.cli.models;

import io.afina.event.Json;
import io.afina.http.WebAssets;
import io.afina.model.HeadCard;
import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.WilsonInterval;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the page about a head, which draws its charts with Apache ECharts. Everything is in the
 * one file: it can be kept and sent, and opens without a network.
 *
 * @param curve every head up to this one, oldest first
 * @param labels those that were judged, with the interval of their recall
 */
record HeadReport(HeadCard card, List<Version> curve, List<Label> labels) {

  /** A head of the learning curve. */
  record Version(long version, int examples, @Nullable Double balancedAccuracy, String decision) {}

  /**
   * One label.
   *
   * @param recall share of its examples that the head gets right, with its interval
   * @param farBelow whether even the upper end of the interval is below the mean of the labels
   */
  record Label(String label, WilsonInterval recall, double precision, boolean farBelow) {}

  static HeadReport of(HeadCard card, List<HeadCard> upTo) {
    Measures measures = card.measures();
    return new HeadReport(
        card,
        upTo.stream().map(HeadReport::version).toList(),
        measures == null
            ? List.of()
            : measures.labels().stream()
                .filter(label -> label.examples() > 0)
                .map(label -> label(label, measures.balancedAccuracy()))
                .toList());
  }

  /** The page. */
  String page() {
    return WebAssets.text(HeadReport.class, "report.html")
        .replace("{{title}}", "Head " + card.version())
        .replace("{{echarts}}", WebAssets.inlineEcharts("echarts.min.js"))
        .replace("{{data}}", json());
  }

  private static Version version(HeadCard card) {
    Measures measures = card.measures();
    return new Version(
        card.version(),
        card.training().examples(),
        measures == null ? null : measures.balancedAccuracy(),
        card.verdict().decision().name());
  }

  private static Label label(LabelMeasures label, double mean) {
    WilsonInterval recall =
        WilsonInterval.of((int) Math.round(label.recall() * label.examples()), label.examples());
    return new Label(label.label(), recall, label.precision(), recall.high() < mean);
  }

  /** JSON that ends no script element, whatever labels and image ids are called. */
  private String json() {
    return new String(Json.write(this), StandardCharsets.UTF_8).replace("<", "\\u003c");
  }
}

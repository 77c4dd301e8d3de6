package io.afina.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afina.event.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchReportTest {

  @Test
  void shouldComeBackFromItsJson() {
    BenchReport report = Reports.report(150.0, 160.0);
    assertThat(Json.read(Json.write(report), BenchReport.class)).isEqualTo(report);
  }

  @Test
  void shouldShowRatiosAndEfficiency() {
    assertThat(new ReportTable(Reports.report(150.0, 160.0, 170.0)).lines())
        .anyMatch(line -> line.contains("(a) decode") && line.endsWith("15.0 x"))
        .anyMatch(line -> line.contains("(d) pipeline") && line.contains("160.0 (150.0–170.0)"))
        .anyMatch(line -> line.contains("efficiency 0.80; 1.00 of the cores"))
        .anyMatch(line -> line.contains("p99 990"));
  }

  @Test
  void shouldNotSpeakOfEfficiencyWhenThePartsWereNotMeasured() {
    BenchReport whole = Reports.report(150.0);
    BenchReport report = new BenchReport(whole.at(), whole.setup(), List.of(), whole.pipelines());
    assertThat(new ReportTable(report).lines()).noneMatch(line -> line.contains("fficiency"));
  }

  @Test
  void shouldTakePercentilesAndTheWholeCurve() {
    Latency latency = Latency.of(Reports.latencies(1000));
    assertThat(latency.count()).isEqualTo(1000);
    assertThat(latency.p50()).isCloseTo(500, within(1.0));
    assertThat(latency.p99()).isCloseTo(990, within(1.0));
    assertThat(latency.p999()).isCloseTo(999, within(1.0));
    assertThat(latency.curve().get(latency.curve().size() - 1).percent()).isEqualTo(100);
  }

  @Test
  void shouldCompareWhatBothMeasured() {
    ReportComparison comparison =
        new ReportComparison(Reports.report(100.0, 110.0), Reports.report(150.0));
    assertThat(comparison.compared())
        .filteredOn(line -> line.name().equals("exactly_once_v2, batch 1, pictures/s"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.ratio()).isCloseTo(150 / 105.0, within(1e-9));
              assertThat(line.verdict()).isEqualTo("better");
            });
    assertThat(comparison.compared())
        .filteredOn(line -> line.name().startsWith("decode"))
        .extracting(ReportComparison.Line::verdict)
        .containsExactly("same");
  }

  @Test
  void shouldCallALongerLatencyWorse() {
    ReportComparison.Line line =
        new ReportComparison.Line(
            "p99 ms", new Spread(100, 90, 110), new Spread(200, 190, 210), false);
    assertThat(line.verdict()).isEqualTo("worse");
  }

  @Test
  void shouldHaveTheTableTheDataAndTheChartsInOnePage() {
    BenchReport report = Reports.report(150.0);
    String page = HtmlPage.of(report, List.of("a <table>"));
    assertThat(page)
        .contains("a &lt;table&gt;")
        .contains(new String(Json.write(report), StandardCharsets.UTF_8))
        .contains("echarts")
        .doesNotContain("%ECHARTS%", "%REPORT%", "%TABLE%", "<script src=", "<link");
    assertThat(page.length()).as("the charts are inside").isGreaterThan(500_000);
  }

  @Test
  void shouldSayWhetherMemoryStillGrows() {
    Growth flat = Growth.of(List.of(100L, 300L, 500L, 500L));
    assertThat(flat).isEqualTo(new Growth(500, 0));
    assertThat(Growth.of(List.of(100L, 200L, 300L, 400L)).secondHalf()).isEqualTo(100);
  }
}

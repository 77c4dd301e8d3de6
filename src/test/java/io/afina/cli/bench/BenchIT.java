package io.afina.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.bench.report.BenchReport;
import io.afina.event.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench as people run it, over drawn pictures and for a second only. */
class BenchIT {

  @TempDir Path folder;

  @Test
  @Tag("nightly")
  void shouldMeasureEveryPartAndThePipeline() throws Exception {
    // given
    Path json = folder.resolve("bench.json");
    Path html = folder.resolve("bench.html");

    // when
    bench("--json", json.toString(), "--html", html.toString());

    // then
    BenchReport report = Json.read(Files.readAllBytes(json), BenchReport.class);
    assertThat(report.parts())
        .extracting(BenchReport.Part::name)
        .containsExactly("decode", "engine", "both", "head", "textbook");
    assertThat(report.parts()).allSatisfy(part -> assertThat(part.rate().median()).isPositive());
    assertThat(report.pipelines())
        .singleElement()
        .satisfies(
            pipeline -> {
              assertThat(pipeline.rate().median()).isPositive();
              assertThat(pipeline.runs().get(0).half().count()).isPositive();
              assertThat(pipeline.runs().get(0).ready()).isPositive();
            });
    assertThat(html).content().contains("echarts");
  }

  private void bench(String... outputs) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("bench", "--runs", "1", "--seconds", "1", "--warm-up", "1"));
    arguments.addAll(List.of("--guarantee", "exactly_once_v2"));
    arguments.addAll(List.of(outputs));
    try (Child bench = Child.start(folder, arguments.toArray(String[]::new))) {
      // Each has its own minute.
      bench.awaitOutput("textbook, run").awaitOutput("pipeline").awaitOutput("efficiency");
      assertThat(bench.awaitExit()).as(bench::output).isZero();
      assertThat(bench.output()).contains("(e) DJL as its manual has it");
    }
  }
}

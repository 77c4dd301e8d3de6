package io.afina.bench.report;

import io.afina.bench.report.BenchReport.Cpu;
import io.afina.bench.report.BenchReport.Part;
import io.afina.bench.report.BenchReport.Pipeline;
import io.afina.bench.report.BenchReport.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Formats a report as lines for a terminal. */
public record ReportTable(BenchReport report) {

  private static final String ROW = "  %-44s %7s  %-24s %s";
  private static final Map<String, String> PARTS =
      Map.of(
          "decode", "(a) decode and resize",
          "engine", "(b) engine",
          "both", "(c) both, one after the other in a thread",
          "head", "(f) one head more, 100 labels",
          "textbook", "(e) DJL as its manual has it");

  /** The whole report. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(setup());
    lines.add("");
    lines.add(ROW.formatted("", "threads", "pictures/s", "of (e)"));
    report.parts().forEach(part -> lines.add(row(part)));
    report.pipelines().forEach(pipeline -> lines.add(row(pipeline)));
    report.pipelines().forEach(pipeline -> lines.addAll(details(pipeline)));
    if (report.part("decode").isPresent() && report.part("engine").isPresent()) {
      lines.add("");
      lines.addAll(explanation());
    }
    return lines;
  }

  private List<String> setup() {
    BenchReport.Setup setup = report.setup();
    return List.of(
        "%s, %d cores, %s, %s"
            .formatted(setup.version(), setup.cores(), setup.system(), setup.java()),
        "backbone %s; %d pictures of %,d bytes on average; %d runs of %d s: median (least–most)"
            .formatted(
                setup.backbone(), setup.pictures(), setup.bytes(), setup.runs(), setup.seconds()));
  }

  private String row(Part part) {
    return row(PARTS.getOrDefault(part.name(), part.name()), part.threads(), part.rate());
  }

  private String row(Pipeline pipeline) {
    return row("(d) pipeline, " + pipeline.title(), pipeline.threads(), pipeline.rate());
  }

  private String row(String name, int threads, Spread rate) {
    String ratio =
        report
            .part("textbook")
            .map(e -> "%.1f x".formatted(rate.median() / e.rate().median()))
            .orElse("");
    return ROW.formatted(name, threads, rate.text(1), ratio).stripTrailing();
  }

  private List<String> details(Pipeline pipeline) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(pipeline.title());
    efficiency(pipeline).ifPresent(lines::add);
    head(pipeline).ifPresent(lines::add);
    lines.add(cores(pipeline));
    lines.add("  latency at half load, ms    " + percentiles(pipeline::half));
    lines.add(
        "  at full load, %3d under way  ".formatted(report.setup().underWay())
            + percentiles(pipeline::full));
    lines.add(
        "  classifier ready after %s s, %s MB resident"
            .formatted(over(pipeline, Run::ready).text(1), over(pipeline, Run::resident).text(0)));
    return lines;
  }

  private static String percentiles(Function<ToDoubleFunction<Latency>, Spread> of) {
    return "p50 %s, p99 %s, p99.9 %s"
        .formatted(
            of.apply(Latency::p50).text(0),
            of.apply(Latency::p99).text(0),
            of.apply(Latency::p999).text(0));
  }

  private Optional<String> efficiency(Pipeline pipeline) {
    return efficiencyOf(pipeline.rate().median(), pipeline)
        .map(
            efficiency ->
                "  efficiency %.2f; %.2f of the cores that were left to the classifier"
                    .formatted(
                        efficiency,
                        Efficiency.withoutOthers(
                            efficiency, over(pipeline, ReportTable::others).median())));
  }

  private Optional<String> head(Pipeline pipeline) {
    return report
        .part("head")
        .map(
            head ->
                "  one head more takes %.2f %% of a picture's time"
                    .formatted(100 * pipeline.rate().median() / head.rate().median()));
  }

  private Optional<Double> efficiencyOf(double rate, Pipeline pipeline) {
    Optional<Part> decode = report.part("decode");
    Optional<Part> engine = report.part("engine");
    if (decode.isEmpty() || engine.isEmpty() || decode.get().threads() != pipeline.threads()) {
      return Optional.empty();
    }
    return Optional.of(
        Efficiency.of(rate, decode.get().rate().median(), engine.get().rate().median()));
  }

  private static double others(Run run) {
    return run.cpu().broker() + run.cpu().driver();
  }

  private static String cores(Pipeline pipeline) {
    return "  cores at full load: classifier %s %%, broker %s %%, publisher and reader %s %%"
        .formatted(
            percent(pipeline, Cpu::classifier),
            percent(pipeline, Cpu::broker),
            percent(pipeline, Cpu::driver));
  }

  private static String percent(Pipeline pipeline, ToDoubleFunction<Cpu> who) {
    return over(pipeline, run -> 100 * who.applyAsDouble(run.cpu())).text(0);
  }

  private static Spread over(Pipeline pipeline, ToDoubleFunction<Run> figure) {
    return Spread.of(pipeline.runs().stream().map(figure::applyAsDouble).toList());
  }

  private static List<String> explanation() {
    return List.of(
        "Efficiency is (d) / (1/(1/a + 1/b)): a and b are measured on as many threads as (d) has stream threads, with nothing",
        "beside them; (d) shares the same cores with its broker, publisher and reader, and the second figure leaves out what",
        "those took. Latency is from publishing a picture (at half load: from when it was due) to reading its committed prediction.");
  }
}

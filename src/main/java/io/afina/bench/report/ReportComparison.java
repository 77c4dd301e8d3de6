package io.afina.bench.report;

import io.afina.bench.report.BenchReport.Part;
import io.afina.bench.report.BenchReport.Pipeline;
import java.util.ArrayList;
import java.util.List;

/** Compares two reports, and formats the comparison for a terminal. */
public record ReportComparison(BenchReport before, BenchReport now) {

  /**
   * One figure that both have.
   *
   * @param moreIsBetter whether a larger one is an improvement
   */
  public record Line(String name, Spread before, Spread now, boolean moreIsBetter) {

    /** The new median divided by the old one. */
    public double ratio() {
      return now.median() / before.median();
    }

    /** Better, worse, or {@code same} when the runs overlap. */
    public String verdict() {
      if (now.overlaps(before)) {
        return "same";
      }
      return ratio() > 1 == moreIsBetter ? "better" : "worse";
    }

    String text() {
      return "  %-44s %-24s %-24s %5.2f x  %s"
          .formatted(name, before.text(1), now.text(1), ratio(), verdict());
    }
  }

  /** The figures that both reports have. */
  public List<Line> compared() {
    List<Line> lines = new ArrayList<>();
    for (Part part : now.parts()) {
      before
          .part(part.name())
          .ifPresent(
              old ->
                  lines.add(new Line(part.name() + ", pictures/s", old.rate(), part.rate(), true)));
    }
    for (Pipeline pipeline : now.pipelines()) {
      before.pipeline(pipeline.title()).ifPresent(old -> lines.addAll(pipeline(old, pipeline)));
    }
    return lines;
  }

  private static List<Line> pipeline(Pipeline old, Pipeline now) {
    String title = now.title();
    return List.of(
        new Line(title + ", pictures/s", old.rate(), now.rate(), true),
        new Line(title + ", p50 ms", old.half(Latency::p50), now.half(Latency::p50), false),
        new Line(title + ", p99 ms", old.half(Latency::p99), now.half(Latency::p99), false));
  }

  /** Formats it for a terminal, with a warning if machine or backbone differ. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("  %-44s %-24s %-24s".formatted("", "before, " + before.at(), "now").stripTrailing());
    compared().forEach(line -> lines.add(line.text()));
    if (!alike()) {
      lines.add(
          "  Not alike: before it was %s on %d cores, now %s on %d."
              .formatted(
                  before.setup().backbone(),
                  before.setup().cores(),
                  now.setup().backbone(),
                  now.setup().cores()));
    }
    return lines;
  }

  private boolean alike() {
    return before.setup().backbone().equals(now.setup().backbone())
        && before.setup().cores() == now.setup().cores();
  }
}

package io.afina.bench;

import io.afina.bench.report.Growth;
import io.afina.config.ConfigLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Measures the memory of a classifier over many pictures. */
public record BenchSoak(BenchSettings options, long pictures, Consumer<String> out) {

  private static final int LOOKS = 20;
  private static final String ROW = "  %10s %12s %14s";

  public void run() {
    ConfigLoader config = options.config().set("classifier.threads", options.threads());
    try (BenchPipeline pipeline = new BenchPipeline(config, options.samples(), 1, "classify")) {
      out.accept(ROW.formatted("pictures", "pictures/s", "resident, MB"));
      List<Long> resident = new ArrayList<>();
      long done = 0;
      for (int look = 1; look <= LOOKS; look++) {
        long next = pictures * look / LOOKS;
        double rate = pipeline.load().full(next - done).rate();
        done = next;
        resident.add(pipeline.resident());
        out.accept(ROW.formatted(done, "%.0f".formatted(rate), resident.get(resident.size() - 1)));
      }
      out.accept(Growth.of(resident).text());
    }
  }
}

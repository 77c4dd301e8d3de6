package io.afina.bench;

import io.afina.bench.report.BenchReport;
import io.afina.config.ConfigLoader;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures how far batches fill: one classifier, one by one and in batches, over a device that is
 * simulated and takes 64 pictures in the time of four. Everything around it is real.
 */
public record BenchDevice(BenchSettings options, int engineMillis, Consumer<String> out) {

  private static final List<Integer> BATCHES = List.of(1, 8, 64);
  private static final String ROW = "  %9s %12s %10s %14s %10s   %s";

  public void run() {
    out.accept(
        "simulated: one device that takes %d ms for up to 16 pictures at once; %d threads; decoding is real"
            .formatted(engineMillis, options.threads()));
    out.accept(
        ROW.formatted(
            "batch",
            "pictures/s",
            "of first",
            "resident, MB",
            "p99, ms",
            "cores: classifier, broker, bench"));
    double first = 0;
    for (int batch : BATCHES) {
      BenchReport.Run run = measure(batch);
      first = first == 0 ? run.rate() : first;
      out.accept(row(batch, run, run.rate() / first));
    }
  }

  private BenchReport.Run measure(int batch) {
    ConfigLoader config =
        options
            .config()
            .set("classifier.threads", options.threads())
            .set("classifier.batchSize", batch);
    try (BenchPipeline pipeline =
        new BenchPipeline(
            config,
            options.samples(),
            1,
            "bench-classify",
            "--one-device",
            "--engine-millis",
            Integer.toString(engineMillis))) {
      pipeline.warm(options.warmUpOfPipeline());
      return pipeline.measure(options.time());
    }
  }

  private static String row(int batch, BenchReport.Run run, double ofFirst) {
    BenchReport.Cpu cpu = run.cpu();
    return ROW.formatted(
        batch,
        "%.1f".formatted(run.rate()),
        "%.1f".formatted(ofFirst),
        run.resident(),
        "%.0f".formatted(run.half().p99()),
        "%.0f %%, %.0f %%, %.0f %%"
            .formatted(100 * cpu.classifier(), 100 * cpu.broker(), 100 * cpu.driver()));
  }
}

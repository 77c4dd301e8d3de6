package io.afina.bench;

import io.afina.bench.report.BenchReport;
import io.afina.config.ConfigLoader;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures how the rate grows with the processes: one, two and four classifiers over the same
 * partitions, with an engine that sleeps, so that everything around the engine decides and not the
 * cores of this machine.
 */
public record BenchScale(
    BenchSettings options, int engineMillis, int threads, Consumer<String> out) {

  private static final List<Integer> PROCESSES = List.of(1, 2, 4);
  private static final String ROW = "  %9s %14s %10s   %s";

  public void run() {
    out.accept(
        "simulated: a sleep of %d ms in place of inference, %d threads a process; decoding is real"
            .formatted(engineMillis, threads));
    out.accept(
        ROW.formatted("processes", "pictures/s", "of ideal", "cores: classifiers, broker, bench"));
    for (int processes : PROCESSES) {
      out.accept(row(processes, measure(processes)));
    }
    out.accept("ideal: threads / sleep, as if decoding, Kafka and the state stores took no time");
  }

  private BenchReport.Run measure(int processes) {
    ConfigLoader config = options.config().set("classifier.threads", threads);
    try (BenchPipeline pipeline =
        new BenchPipeline(
            config,
            options.samples(),
            processes,
            "bench-classify",
            "--engine-millis",
            Integer.toString(engineMillis))) {
      pipeline.warm(options.warmUpOfPipeline());
      return pipeline.measure(options.time());
    }
  }

  private String row(int processes, BenchReport.Run run) {
    double ideal = processes * threads * 1000.0 / engineMillis;
    BenchReport.Cpu cpu = run.cpu();
    return ROW.formatted(
        processes,
        "%.1f".formatted(run.rate()),
        "%.0f %%".formatted(100 * run.rate() / ideal),
        "%.0f %%, %.0f %%, %.0f %%"
            .formatted(100 * cpu.classifier(), 100 * cpu.broker(), 100 * cpu.driver()));
  }
}

package io.afina.bench.report;

import io.afina.bench.report.BenchReport.Cpu;
import io.afina.bench.report.BenchReport.Part;
import io.afina.bench.report.BenchReport.Pipeline;
import io.afina.bench.report.BenchReport.Run;
import io.afina.bench.report.BenchReport.Setup;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Reports whose arithmetic can be done in the head. */
final class Reports {

  private Reports() {}

  /** Decoding gives 600, the engine 300, so both 200; the pipeline gives these rates. */
  static BenchReport report(Double... rates) {
    return new BenchReport(
        Instant.parse("2026-11-24T12:00:00Z"),
        new Setup("afina 1", "Java 17", "Linux amd64", 2, "x.onnx", 120, 100_000, 1, 5, 256),
        List.of(
            new Part("decode", 2, List.of(600.0)),
            new Part("engine", 2, List.of(300.0)),
            new Part("textbook", 1, List.of(40.0))),
        List.of(
            new Pipeline("exactly_once_v2", 1, 2, Stream.of(rates).map(Reports::run).toList())));
  }

  private static Run run(double rate) {
    Latency latency = Latency.of(latencies(1000));
    return new Run(rate, latency, latency, 3.5, 800, new Cpu(0.8, 0.1, 0.1));
  }

  /** One picture at every millisecond up to {@code most}. */
  static Histogram latencies(int most) {
    Histogram micros = new Histogram(3);
    for (int millis = 1; millis <= most; millis++) {
      micros.recordValue(millis * 1000L);
    }
    return micros;
  }
}

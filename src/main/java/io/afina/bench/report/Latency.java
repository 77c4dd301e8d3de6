package io.afina.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * The latency of predictions in milliseconds, from publishing the picture to reading the committed
 * prediction.
 *
 * @param curve the whole distribution
 */
public record Latency(
    long count, double p50, double p99, double p999, double most, List<Point> curve) {

  private static final double MICROS = 1000;
  private static final int POINTS_PER_HALVING = 5;

  public Latency {
    curve = List.copyOf(curve);
  }

  /** A point of the distribution: so many percent took no longer. */
  public record Point(double percent, double millis) {}

  /** Converts a histogram of microseconds. */
  public static Latency of(Histogram micros) {
    List<Point> curve = new ArrayList<>();
    for (HistogramIterationValue value : micros.percentiles(POINTS_PER_HALVING)) {
      curve.add(
          new Point(value.getPercentileLevelIteratedTo(), millis(value.getValueIteratedTo())));
    }
    return new Latency(
        micros.getTotalCount(),
        millis(micros.getValueAtPercentile(50)),
        millis(micros.getValueAtPercentile(99)),
        millis(micros.getValueAtPercentile(99.9)),
        millis(micros.getMaxValue()),
        curve);
  }

  private static double millis(long micros) {
    return micros / MICROS;
  }
}

package io.afina.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Shows how many records wait for a classifier, and for how long. */
public final class LagMeters {

  /**
   * Declares them.
   *
   * @param records of a topic that wait for this process
   * @param standstillMillis since the partition of a topic that stands still longest has moved, 0
   *     for none
   * @param silentMillis since the cluster last answered
   */
  public LagMeters(
      MeterRegistry registry,
      Collection<String> topics,
      Function<String, Number> records,
      Function<String, Number> standstillMillis,
      Supplier<Number> silentMillis) {
    for (String topic : topics) {
      Gauge.builder("afina.backlog.records", () -> records.apply(topic))
          .description("Records of the partitions of this process that it has not dealt with yet.")
          .tag("topic", topic)
          .register(registry);
      time("afina.backlog.standstill", () -> standstillMillis.apply(topic))
          .description(
              "How long a partition of this process has stood still though records wait; the longest.")
          .tag("topic", topic)
          .register(registry);
    }
    time("afina.broker.silent", silentMillis)
        .description("Since the cluster last said how much waits; it is asked every five seconds.")
        .register(registry);
  }

  private static TimeGauge.Builder<Supplier<Number>> time(String name, Supplier<Number> millis) {
    return TimeGauge.builder(name, millis, TimeUnit.MILLISECONDS);
  }
}

package io.afina.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Shows how many records wait for a classifier, and for how long. */
public final class LagMeters {

  private final MeterRegistry registry;
  private final UnaryOperator<String> tag;

  /** What waits for a process; safe for any thread. */
  public interface Backlog {

    /** Records of a topic that wait. */
    long records(String topic);

    /** Records that wait in the partition of a topic where most do. */
    long mostRecords(String topic);

    /** Age of the oldest record of a topic that waits, in milliseconds; 0 for none. */
    long oldestMillis(String topic);

    /** Since the partition of a topic that stands still longest has moved, in ms; 0 for none. */
    long standstillMillis(String topic);

    /** Since the cluster last answered, in milliseconds. */
    long silentMillis();
  }

  /**
   * Declares them.
   *
   * @param tag of a topic: the same in every installation, so that one dashboard fits all
   */
  public LagMeters(
      MeterRegistry registry,
      Collection<String> topics,
      UnaryOperator<String> tag,
      Backlog backlog) {
    this.registry = registry;
    this.tag = tag;
    topics.forEach(topic -> declare(topic, backlog));
    time("afina.broker.silent", backlog::silentMillis)
        .description("Since the cluster last said how much waits; it is asked every five seconds.")
        .register(registry);
  }

  private void declare(String topic, Backlog backlog) {
    records(
        "afina.backlog.records",
        topic,
        () -> backlog.records(topic),
        "Records of the partitions of this process that it has not dealt with yet.");
    records(
        "afina.backlog.partition.records",
        topic,
        () -> backlog.mostRecords(topic),
        "Those of afina_backlog_records that are in the partition with the most.");
    time("afina.backlog.oldest", () -> backlog.oldestMillis(topic))
        .description("Age of the oldest record that waits, by its timestamp; 0 for none.")
        .tag("topic", tag.apply(topic))
        .register(registry);
    time("afina.backlog.standstill", () -> backlog.standstillMillis(topic))
        .description(
            "How long a partition of this process has stood still though records wait; the longest.")
        .tag("topic", tag.apply(topic))
        .register(registry);
  }

  private void records(String name, String topic, Supplier<Number> count, String description) {
    Gauge.builder(name, count)
        .description(description)
        .tag("topic", tag.apply(topic))
        .register(registry);
  }

  private static TimeGauge.Builder<Supplier<Number>> time(String name, Supplier<Number> millis) {
    return TimeGauge.builder(name, millis, TimeUnit.MILLISECONDS);
  }
}

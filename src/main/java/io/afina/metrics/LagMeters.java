package io.afina.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** What waits for a classifier, as the cluster says it. */
public final class LagMeters {

  /** What is shown. */
  public interface Backlog {

    /** Records of a topic that wait for this process. */
    long records(String topic);

    /** Since the partition that stands still longest has moved, in milliseconds; 0 for none. */
    long standstillMillis(String topic);

    /** Since the cluster last answered, in milliseconds. */
    long silentMillis();
  }

  /** Declares them; they show the backlog for as long as it lives. */
  public LagMeters(MeterRegistry registry, Collection<String> topics, Backlog backlog) {
    for (String topic : topics) {
      Gauge.builder("afina.backlog.records", backlog, b -> b.records(topic))
          .strongReference(true)
          .description("Records of the partitions of this process that it has not dealt with yet.")
          .tag("topic", topic)
          .register(registry);
      TimeGauge.builder(
              "afina.backlog.standstill",
              backlog,
              TimeUnit.MILLISECONDS,
              b -> b.standstillMillis(topic))
          .strongReference(true)
          .description(
              "How long a partition of this process has stood still though records wait; the longest.")
          .tag("topic", topic)
          .register(registry);
    }
    TimeGauge.builder("afina.broker.silent", backlog, TimeUnit.MILLISECONDS, Backlog::silentMillis)
        .strongReference(true)
        .description("Since the cluster last said how much waits; it is asked every five seconds.")
        .register(registry);
  }
}

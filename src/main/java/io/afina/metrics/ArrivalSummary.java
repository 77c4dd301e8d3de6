package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what share of images and of corrections arrived away from home since it said so
 * last: one line an interval, and none while all arrive at home.
 */
public final class ArrivalSummary implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ArrivalSummary.class);
  private static final double PERCENT = 100;

  private final MeterRegistry registry;
  private final Recurring looks;
  private Map<String, Count> said;

  /** How many arrived, and how many of these away from home. */
  private record Count(long all, long away) {

    static final Count NONE = new Count(0, 0);

    Count plus(Count more) {
      return new Count(all + more.all, away + more.away);
    }

    Count minus(Count before) {
      return new Count(all - before.all, away - before.away);
    }

    String text() {
      return "%d of %d (%.0f %%)".formatted(away, all, PERCENT * away / all);
    }
  }

  /**
   * Starts it.
   *
   * @param registry where arrivals are counted
   */
  public ArrivalSummary(MeterRegistry registry, Duration interval) {
    this.registry = registry;
    said = counts();
    looks = new Recurring("afina-arrivals", interval, this::look);
  }

  /** Says what was not said yet. */
  @Override
  public void close() {
    looks.close();
  }

  synchronized void look() {
    Map<String, Count> now = counts();
    Map<String, String> news = new TreeMap<>();
    now.forEach(
        (kind, count) -> {
          Count fresh = count.minus(said.getOrDefault(kind, Count.NONE));
          if (fresh.away() > 0) {
            news.put(kind, fresh.text());
          }
        });
    said = now;
    if (!news.isEmpty()) {
      LOG.atInfo()
          .addKeyValue("share", news)
          .log("records arrived away from home and were sent on");
    }
  }

  private Map<String, Count> counts() {
    Map<String, Count> counts = new TreeMap<>();
    for (Counter counter : registry.find(ArrivalMeters.NAME).counters()) {
      long count = Math.round(counter.count());
      boolean home = Boolean.parseBoolean(counter.getId().getTag(ArrivalMeters.HOME));
      counts.merge(
          String.valueOf(counter.getId().getTag(ArrivalMeters.KIND)),
          new Count(count, home ? 0 : count),
          Count::plus);
    }
    return counts;
  }
}

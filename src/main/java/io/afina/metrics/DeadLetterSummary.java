package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log how many records could not be used since it said so last: one line an interval,
 * however many there are, and none while there are none. The topic has every one of them.
 */
public final class DeadLetterSummary implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterSummary.class);

  private final MeterRegistry registry;
  private final Recurring looks;
  private Map<String, Long> said;

  /**
   * Starts it.
   *
   * @param registry where dead letters are counted
   */
  public DeadLetterSummary(MeterRegistry registry, Duration interval) {
    this.registry = registry;
    this.said = counts();
    looks = new Recurring("afina-dead-letters", interval, this::look);
  }

  /** Says what was not said yet. */
  @Override
  public void close() {
    looks.close();
  }

  synchronized void look() {
    Map<String, Long> now = counts();
    Map<String, Long> news = new TreeMap<>();
    now.forEach((reason, count) -> news.put(reason, count - said.getOrDefault(reason, 0L)));
    news.values().removeIf(count -> count == 0);
    said = now;
    if (!news.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("count", news.values().stream().mapToLong(Long::longValue).sum())
          .addKeyValue("reasons", news)
          .log("dead letters");
    }
  }

  private Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    for (Counter counter : registry.find(DeadLetterMeters.NAME).counters()) {
      counts.merge(
          String.valueOf(counter.getId().getTag(DeadLetterMeters.REASON)),
          Math.round(counter.count()),
          Long::sum);
    }
    return counts;
  }
}

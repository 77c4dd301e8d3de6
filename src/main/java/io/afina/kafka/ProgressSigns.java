package io.afina.kafka;

import io.afina.kafka.Progress.Sight;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the states and the metrics of Kafka Streams whether it gets on. Safe for any thread.
 */
public final class ProgressSigns {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressSigns.class);

  /** How the names of the main consumers of stream threads end. */
  private static final String MAIN_CONSUMER = "-consumer";

  private static final String RESTORE_CONSUMER = "-restore-consumer";

  private final Supplier<Map<MetricName, ? extends Metric>> metrics;
  private final AtomicLong steps = new AtomicLong();
  private volatile State state = new State("CREATED", false, System.nanoTime());
  private volatile boolean processed;

  private record State(String name, boolean running, long since) {}

  /**
   * @param metrics of the streams and their clients
   */
  public ProgressSigns(Supplier<Map<MetricName, ? extends Metric>> metrics) {
    this.metrics = metrics;
  }

  /**
   * The streams are in another state.
   *
   * @param running whether it is the one in which they work
   */
  public void changed(String name, boolean running) {
    state = new State(name, running, System.nanoTime());
  }

  /** Something went on that is neither a record that was processed nor another state. */
  public void step() {
    steps.incrementAndGet();
  }

  /**
   * Why nothing is processed, if there is a reason: they do not run, or have not yet processed a
   * record though some wait, or though it is not known yet whether any does.
   *
   * @param lag asked until the first record was processed, or none waited
   */
  public Optional<String> missing(LagMonitor lag) {
    State now = state;
    if (!now.running()) {
      return Optional.of("the streams are " + now.name());
    }
    if (!processed && !isAny(metrics.get(), "process-total")) {
      long millis = Duration.ofNanos(System.nanoTime() - now.since()).toMillis();
      if (lag.silentMillis() >= millis) {
        return Optional.of("it is not known yet whether records wait");
      }
      if (lag.waiting() > 0) {
        return Optional.of("%d records wait and none was processed yet".formatted(lag.waiting()));
      }
    }
    processed = true;
    return Optional.empty();
  }

  /** What there is to be seen now. */
  Sight sight() {
    Map<String, Duration> polls = new HashMap<>();
    metrics
        .get()
        .forEach(
            (name, metric) -> {
              String client = name.tags().getOrDefault("client-id", "");
              if (name.name().equals("last-poll-seconds-ago")
                  && client.endsWith(MAIN_CONSUMER)
                  && !client.endsWith(RESTORE_CONSUMER)) {
                polls.put(client, Duration.ofMillis((long) (1000 * value(metric))));
              }
            });
    State now = state;
    return new Sight(now.name(), now.running(), steps.get(), polls);
  }

  /** Writes what the threads of the streams do to the log. */
  void logThreads() {
    for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
      if (thread.getThreadName().contains("StreamThread")) {
        LOG.atWarn()
            .addKeyValue("thread", thread.getThreadName())
            .addKeyValue("state", thread.getThreadState())
            .addKeyValue("waits for", thread.getLockName())
            .addKeyValue("stack", stack(thread))
            .log("what a thread does");
      }
    }
  }

  private static String stack(ThreadInfo thread) {
    return Stream.of(thread.getStackTrace())
        .map(StackTraceElement::toString)
        .collect(Collectors.joining(" < "));
  }

  private static boolean isAny(Map<MetricName, ? extends Metric> metrics, String name) {
    return metrics.entrySet().stream()
        .anyMatch(entry -> entry.getKey().name().equals(name) && value(entry.getValue()) > 0);
  }

  private static double value(Metric metric) {
    return metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
  }
}

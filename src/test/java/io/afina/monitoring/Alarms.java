package io.afina.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;

/** Waits for alerts, and remembers which have fired. */
final class Alarms {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Set<String> fired = new TreeSet<>();
  private final Prometheus prometheus;

  Alarms(Prometheus prometheus) {
    this.prometheus = prometheus;
  }

  /** Those that have fired so far. */
  Set<String> fired() {
    return fired;
  }

  void await(String... alerts) {
    await(() -> {}, alerts);
  }

  /** Does something again and again until the alerts fire. */
  void await(Runnable cause, String... alerts) {
    Instant start = Instant.now();
    for (String alert : alerts) {
      Awaitility.await(alert + " fires")
          .atMost(PATIENCE)
          .pollInterval(AGAIN)
          .until(
              () -> {
                cause.run();
                return prometheus.firing().contains(alert);
              });
      fired.add(alert);
      long seconds = Duration.between(start, Instant.now()).toSeconds();
      System.out.printf("%s fires after %d s%n", alert, seconds);
    }
  }
}

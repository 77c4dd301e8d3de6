package io.afina.keeper;

import java.time.Duration;

/** Says how long to wait so that things happen so often a second at most. For one thread. */
final class Pace {

  private static final double NANOS = 1e9;

  private final long interval;
  private long next = System.nanoTime();

  Pace(double perSecond) {
    interval = (long) (NANOS / perSecond);
  }

  /** Counts one more, before which the caller waits for so long. */
  Duration next() {
    long now = System.nanoTime();
    // What was not used before is not made up for.
    next = Math.max(now, next + interval);
    return Duration.ofNanos(next - now);
  }
}

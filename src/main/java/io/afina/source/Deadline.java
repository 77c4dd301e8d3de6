package io.afina.source;

import java.time.Duration;

/**
 * When a fetch must have ended, all its attempts together.
 *
 * @param nanos by the clock of {@link System#nanoTime}
 */
public record Deadline(long nanos) {

  /** So long from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** At least a millisecond, for clients that take none for no limit. */
  public Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, nanos - System.nanoTime()));
  }

  /** Whether it is over. */
  public boolean isPast() {
    return nanos - System.nanoTime() <= 0;
  }
}

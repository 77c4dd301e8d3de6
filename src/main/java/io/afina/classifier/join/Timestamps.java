package io.afina.classifier.join;

import java.time.Duration;

/** Keeps impossible times out of what is written. */
public final class Timestamps {

  /** The most that the clock of whoever sends a record may be ahead. */
  private static final Duration AHEAD = Duration.ofHours(1);

  private Timestamps() {}

  /**
   * The time of a record, or now where it is impossible. Very old producers send no timestamp,
   * which reads as -1; one too far ahead would be copied to records that brokers refuse ({@code
   * message.timestamp.after.max.ms}). Both would stop the stream.
   *
   * @param at milliseconds since 1970, as is {@code now}
   */
  public static long orNow(long at, long now) {
    return at >= 0 && at <= now + AHEAD.toMillis() ? at : now;
  }
}

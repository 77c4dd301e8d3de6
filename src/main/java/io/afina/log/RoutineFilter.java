package io.afina.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Leaves out the one warning of Kafka that says nothing: a producer that begins a transaction while
 * the cluster still completes the one before is told CONCURRENT_TRANSACTIONS, and sends again. Two
 * transactions a second and partition make thousands of them. It stays where its logger's level is
 * DEBUG; all else that this logger warns of, such as a leader that moved, is logged.
 */
public final class RoutineFilter extends TurboFilter {

  private static final String SENDER = "org.apache.kafka.clients.producer.internals.Sender";
  private static final String ROUTINE = "Error: CONCURRENT_TRANSACTIONS";

  /**
   * @param text whole: Kafka formats its messages itself
   */
  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String text,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    boolean routine =
        level == Level.WARN
            && text != null
            && logger.getName().equals(SENDER)
            && text.contains(ROUTINE)
            && logger.getEffectiveLevel().isGreaterOrEqual(Level.INFO);
    return routine ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}

package io.afina.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** Events as logback makes them. */
final class Events {

  private Events() {}

  static LoggingEvent event(String logger, Level level, Instant when, String text) {
    LoggingEvent event =
        new LoggingEvent("", new LoggerContext().getLogger(logger), level, text, null, null);
    event.setInstant(when);
    event.setThreadName("main");
    return event;
  }

  static LoggingEvent with(LoggingEvent event, String key, @Nullable Object value) {
    event.addKeyValuePair(new KeyValuePair(key, value));
    return event;
  }
}

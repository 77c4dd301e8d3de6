package io.afina;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What a logger writes from now on: the message, and each key with its value. */
public final class LogLines implements AutoCloseable {

  private final Logger logger;
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  /** Of a class. */
  public LogLines(Class<?> of) {
    this(of.getName());
  }

  /** The same, of a logger that is named otherwise. */
  public LogLines(String name) {
    logger = (Logger) LoggerFactory.getLogger(name);
    appender.list = new CopyOnWriteArrayList<>();
    appender.start();
    logger.addAppender(appender);
  }

  /** The lines so far. */
  public List<String> all() {
    return appender.list.stream().map(LogLines::line).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }

  private static String line(ILoggingEvent event) {
    return event.getFormattedMessage()
        + Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of()).stream()
            .map(LogLines::pair)
            .collect(Collectors.joining());
  }

  private static String pair(KeyValuePair pair) {
    return " " + pair.key + "=" + pair.value;
  }
}

package io.afina.cli.option;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/** The form of the log. */
enum LogFormat {
  /** For people: what {@code logback.xml} says. */
  TEXT,
  /** For programs: one JSON object a line, with the key-values of the event as fields. */
  JSON;

  void use() {
    if (this == JSON && LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      for (Iterator<Appender<ILoggingEvent>> i = root.iteratorForAppenders(); i.hasNext(); ) {
        if (i.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
          encode(root, appender);
        }
      }
    }
  }

  private static void encode(Logger root, OutputStreamAppender<ILoggingEvent> appender) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(root.getLoggerContext());
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithFormattedMessage(false);
    encoder.setWithArguments(false);
    encoder.start();
    appender.setEncoder(encoder);
  }
}

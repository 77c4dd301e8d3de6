package io.afina.cli.option;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import io.afina.config.ConfigLoader;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options of every command that runs until it is stopped. */
public final class ServiceOptions {

  @Option(
      names = "--management-host",
      paramLabel = "ADDRESS",
      description = "Where metrics and health are served; default: 127.0.0.1.")
  private @Nullable String host;

  @Option(
      names = "--management-port",
      paramLabel = "N",
      description =
          "Where metrics and health are served; 0 for any. Default: the first free one from 9400 on.")
  private @Nullable Integer port;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "How the log is written, text or json; default: ${DEFAULT-VALUE}.")
  private LogFormat logFormat = LogFormat.TEXT;

  /** Adds what was given, and sets the form of the log from here on. */
  public ConfigLoader set(ConfigLoader loader) {
    logFormat.use();
    return loader.set("management.host", host).set("management.port", port);
  }

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
}

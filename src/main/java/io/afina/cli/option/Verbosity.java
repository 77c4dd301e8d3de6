package io.afina.cli.option;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Sets how much is logged. */
public final class Verbosity {

  private Verbosity() {}

  /**
   * Leaves the terminal to what the command says. Kafka's broker logs errors that its clients mend
   * by themselves, so nothing of it is shown.
   */
  public static void quiet() {
    set(Logger.ROOT_LOGGER_NAME, Level.OFF);
    set("kafka", Level.OFF);
    set("io.afina", Level.WARN);
  }

  private static void set(String logger, Level level) {
    if (LoggerFactory.getLogger(logger) instanceof Logger known) {
      known.setLevel(level);
    }
  }
}

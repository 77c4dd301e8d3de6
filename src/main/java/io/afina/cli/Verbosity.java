package io.afina.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged. */
final class Verbosity {

  private Verbosity() {}

  /** Leaves the terminal to what the command says: only errors are logged. */
  static void quiet() {
    set(Logger.ROOT_LOGGER_NAME, Level.ERROR);
    set("io.afina", Level.WARN);
  }

  private static void set(String logger, Level level) {
    if (LoggerFactory.getLogger(logger) instanceof Logger known) {
      known.setLevel(level);
    }
  }
}

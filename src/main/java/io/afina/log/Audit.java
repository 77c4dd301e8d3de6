package io.afina.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The audit trail: who did what, from where. A logger of its own, which the level of others does
 * not change. Answers are not in it: the topic of corrections keeps each with its labeller and
 * time.
 */
public final class Audit {

  /** The name of its logger. */
  public static final String LOGGER = "io.afina.audit";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

  private Audit() {}

  /** Begins a line on what somebody did. */
  public static LoggingEventBuilder did(String user, String address) {
    return by(LOG.atInfo(), user, address);
  }

  /** Begins a line on what somebody tried and may not do. */
  public static LoggingEventBuilder refused(String user, String address) {
    return by(LOG.atWarn(), user, address);
  }

  private static LoggingEventBuilder by(LoggingEventBuilder line, String user, String address) {
    return line.addKeyValue("user", user).addKeyValue("address", address);
  }
}

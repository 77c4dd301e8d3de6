package io.afina.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what libraries repeat: while a broker is away each of Kafka's clients says so several
 * times a second. Of the warnings and errors of a library that are equal, but for numbers and the
 * client that says it, some a minute are written; at the end of the minute one line tells how many
 * were left out. What Afina says itself is always written.
 */
public final class RepeatFilter extends Filter<ILoggingEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(RepeatFilter.class);
  private static final String OWN = "io.afina.";
  private static final Pattern VARYING = Pattern.compile("\\[[^\\]]*]|-?[0-9]+");
  private static final int LONGEST = 200;
  private static final int MOST = 1000;
  private static final long MINUTE_MILLIS = TimeUnit.MINUTES.toMillis(1);
  private static final int USUAL = 3;

  private final Map<Line, Repeats> minute =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Line, Repeats> eldest) {
          return size() > MOST;
        }
      };

  private int perMinute = USUAL;

  /** What makes lines equal. */
  private record Line(String logger, Level level, String text, String thrown) {

    static Line of(ILoggingEvent event, String text) {
      IThrowableProxy thrown = event.getThrowableProxy();
      return new Line(
          event.getLoggerName(),
          event.getLevel(),
          VARYING.matcher(text).replaceAll("").strip(),
          thrown == null ? "" : thrown.getClassName());
    }
  }

  /** How often a line came in the minute from its first. */
  private static final class Repeats {
    private final long since;
    private final String first;
    private int times;

    Repeats(long since, String first) {
      this.since = since;
      this.first = first;
    }
  }

  /** Of equal lines, as {@code logback.xml} sets it. */
  public void setPerMinute(int perMinute) {
    this.perMinute = perMinute;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (event.getLoggerName().startsWith(OWN) || !event.getLevel().isGreaterOrEqual(Level.WARN)) {
      return FilterReply.NEUTRAL;
    }
    String text = cut(event.getFormattedMessage());
    return isOneTooMany(event, text) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  private boolean isOneTooMany(ILoggingEvent event, String text) {
    Line line = Line.of(event, text);
    long now = event.getTimeStamp();
    synchronized (minute) {
      Repeats known = minute.get(line);
      if (known == null || now - known.since >= MINUTE_MILLIS) {
        known = new Repeats(now, text);
        minute.remove(line);
        minute.put(line, known);
      }
      known.times++;
      if (known.times == perMinute + 1) {
        tellLater(line, known, now);
      }
      return known.times > perMinute;
    }
  }

  /** By another thread: an appender does not take what is logged while it is at work. */
  private void tellLater(Line line, Repeats repeats, long now) {
    var unused =
        getContext()
            .getScheduledExecutorService()
            .schedule(
                () -> tell(line, repeats),
                repeats.since + MINUTE_MILLIS - now,
                TimeUnit.MILLISECONDS);
  }

  private void tell(Line line, Repeats repeats) {
    int leftOut;
    synchronized (minute) {
      minute.remove(line, repeats);
      leftOut = repeats.times - perMinute;
    }
    LOG.atWarn()
        .addKeyValue("logger", line.logger())
        .addKeyValue("lines", leftOut)
        .addKeyValue("like", repeats.first)
        .log("left out equal lines of the last minute");
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}

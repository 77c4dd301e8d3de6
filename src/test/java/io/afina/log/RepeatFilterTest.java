package io.afina.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import io.afina.LogLines;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {

  private static final String LIBRARY = "org.apache.kafka.clients.NetworkClient";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant START = Instant.parse("2026-11-26T05:00:00Z");

  private final LoggerContext context = new LoggerContext();
  private final RepeatFilter filter = new RepeatFilter();

  @BeforeEach
  void start() {
    filter.setContext(context);
    filter.setPerMinute(3);
    filter.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void shouldLetSomeEqualLinesAMinuteThrough() {
    int written = 0;
    for (int i = 0; i < 100; i++) {
      written += isWritten(LIBRARY, Level.WARN, START.plusMillis(i), away(i)) ? 1 : 0;
    }

    assertThat(written).isEqualTo(3);
    assertThat(isWritten(LIBRARY, Level.WARN, START, "[Producer clientId=p] Out of memory"))
        .as("another text")
        .isTrue();
    assertThat(isWritten(LIBRARY, Level.WARN, START.plus(MINUTE), away(1)))
        .as("the next minute")
        .isTrue();
  }

  @Test
  void shouldLeaveOutNothingOfAfinasOwnAndNothingBelowWarnings() {
    for (int i = 0; i < 100; i++) {
      assertThat(isWritten("io.afina.log.Some", Level.WARN, START, "same")).isTrue();
      assertThat(isWritten(LIBRARY, Level.DEBUG, START, "same")).isTrue();
    }
  }

  @Test
  void shouldSayHowManyItLeftOut() {
    try (LogLines lines = new LogLines(RepeatFilter.class)) {
      // given
      isWritten(LIBRARY, Level.WARN, START, away(0));

      // when: the minute is nearly over
      for (int i = 1; i < 10; i++) {
        isWritten(LIBRARY, Level.WARN, START.plus(MINUTE).minusMillis(500), away(i));
      }

      // then
      await("the summary").until(() -> !lines.all().isEmpty());
      assertThat(lines.all())
          .containsExactly(
              "left out equal lines of the last minute logger=%s lines=7 like=%s"
                  .formatted(LIBRARY, away(0)));
    }
  }

  private boolean isWritten(String logger, Level level, Instant when, String text) {
    return filter.decide(Events.event(logger, level, when, text)) != FilterReply.DENY;
  }

  private static String away(int i) {
    return "[Consumer clientId=c-%d, groupId=g] Connection to node %d (localhost/127.0.0.1:9092) could not be established."
        .formatted(i, i - 1);
  }
}

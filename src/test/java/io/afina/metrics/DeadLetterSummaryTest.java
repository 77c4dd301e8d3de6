package io.afina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeadLetterSummaryTest {

  private static final Duration NEVER = Duration.ofDays(1);

  private final Logger logger = (Logger) LoggerFactory.getLogger(DeadLetterSummary.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final DeadLetterMeters letters = new DeadLetterMeters(registry);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
  }

  @Test
  void shouldSayOnceHowManyOfEachReasonThereWereSinceTheLineBefore() {
    letters.setAside(Stage.DECODE, Reason.EMPTY);
    try (DeadLetterSummary summary = new DeadLetterSummary(registry, NEVER)) {
      // when
      summary.look();
      for (int i = 0; i < 1000; i++) {
        letters.setAside(Stage.DECODE, Reason.NOT_A_PICTURE);
      }
      letters.setAside(Stage.JOIN, Reason.NO_IMAGE);
      summary.look();
      summary.look();
      letters.setAside(Stage.DECODE, Reason.EMPTY);
    }

    // then
    assertThat(lines())
        .containsExactly(
            "dead letters count=1001 reasons={no-image=1, not-a-picture=1000}",
            "dead letters count=1 reasons={empty=1}");
  }

  private List<String> lines() {
    return log.list.stream()
        .map(
            event ->
                event.getFormattedMessage()
                    + event.getKeyValuePairs().stream()
                        .map(pair -> " " + pair.key + "=" + pair.value)
                        .collect(Collectors.joining()))
        .toList();
  }
}

package io.afina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.LogLines;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterSummaryTest {

  private static final Duration NEVER = Duration.ofDays(1);

  private final LogLines log = new LogLines(DeadLetterSummary.class);
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final DeadLetterMeters letters = new DeadLetterMeters(registry);

  @AfterEach
  void stop() {
    log.close();
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
    assertThat(log.all())
        .containsExactly(
            "dead letters count=1001 reasons={no-image=1, not-a-picture=1000}",
            "dead letters count=1 reasons={empty=1}");
  }
}

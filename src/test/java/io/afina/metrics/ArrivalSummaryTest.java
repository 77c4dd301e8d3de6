package io.afina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.LogLines;
import io.afina.metrics.ArrivalMeters.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrivalSummaryTest {

  private static final Duration NEVER = Duration.ofDays(1);

  private final LogLines log = new LogLines(ArrivalSummary.class);
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final ArrivalMeters arrivals = new ArrivalMeters(registry);

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void shouldSayOnceWhatShareWasSentOnSinceTheLineBefore() {
    try (ArrivalSummary summary = new ArrivalSummary(registry, NEVER)) {
      // when: only one kind arrives elsewhere
      for (int i = 0; i < 30; i++) {
        arrivals.arrived(Kind.IMAGE, i < 3);
        arrivals.arrived(Kind.CORRECTION, true);
      }
      summary.look();
      summary.look();
      arrivals.arrived(Kind.CORRECTION, false);
      arrivals.arrived(Kind.CORRECTION, true);
    }

    // then
    assertThat(log.all())
        .containsExactly(
            "records arrived away from home and were sent on share={image=27 of 30 (90 %)}",
            "records arrived away from home and were sent on share={correction=1 of 2 (50 %)}");
  }

  @Test
  void shouldSayNothingWhileAllArriveAtHome() {
    try (ArrivalSummary summary = new ArrivalSummary(registry, NEVER)) {
      arrivals.arrived(Kind.IMAGE, true);
      summary.look();
    }
    assertThat(log.all()).isEmpty();
  }
}

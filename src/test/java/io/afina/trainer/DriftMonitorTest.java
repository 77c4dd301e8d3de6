package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.metrics.TrainerMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DriftMonitorTest {

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final DriftMonitor monitor =
      new DriftMonitor(
          ConfigLoader.defaults()
              .set("trainer.trainOnDrift", true)
              .set("trainer.driftExamples", 8)
              .set("trainer.driftInterval", "1m")
              .load(),
          new TrainerMeters(new SimpleMeterRegistry()));

  @BeforeEach
  void answer() {
    monitor.drift.champion(1);
  }

  @AfterEach
  void close() {
    monitor.close();
  }

  @Test
  void shouldWantNothingWithoutDrift() {
    predict(0.5);
    assertThat(monitor.isTrainingDue(1000, 10 * MINUTE)).isFalse();
  }

  @Test
  void shouldWantATrainingOnceThereAreCorrectionsAndTheLastOneIsLongAgo() {
    // when
    predict(0.99);

    // then
    assertThat(monitor.isTrainingDue(7, 10 * MINUTE)).isFalse();
    assertThat(monitor.isTrainingDue(8, MINUTE - 1)).isFalse();
    assertThat(monitor.isTrainingDue(8, MINUTE)).isTrue();
  }

  @Test
  void shouldTakePredictionsOfHeadsThatDoNotKnowForNothing() {
    predict(null);
    assertThat(monitor.isTrainingDue(1000, 10 * MINUTE)).isFalse();
  }

  @Test
  void shouldForgetItWhenItLeadsNoLonger() {
    // given
    predict(0.99);

    // when
    monitor.close();
    monitor.drift.champion(1);

    // then
    assertThat(monitor.isTrainingDue(1000, 10 * MINUTE)).isFalse();
  }

  private void predict(@Nullable Double novelty) {
    IntStream.range(0, 200)
        .mapToObj(
            n ->
                new Prediction(
                    "ant",
                    0.75,
                    List.of(new Score("ant", 0.75), new Score("bee", 0.25)),
                    0.5,
                    0.56,
                    1L,
                    "3fa9".repeat(16),
                    new Position(0, n, 0),
                    new Timings(0, 0, 0),
                    null,
                    novelty))
        .forEach(monitor::observe);
  }
}

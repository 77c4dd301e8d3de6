package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SuspectScheduleTest {

  private final SuspectSchedule schedule = new SuspectSchedule();

  @Test
  void shouldSearchOnceAfterATraining() {
    assertThat(schedule.isDue()).isFalse();
    schedule.trained();
    assertThat(schedule.isDue()).isTrue();
    assertThat(schedule.timed(() -> "found")).isEqualTo("found");
    assertThat(schedule.isDue()).isFalse();
  }

  @Test
  void shouldWaitForNineTimesWhatTheLastSearchTook() {
    // given
    schedule.trained();
    long began = System.nanoTime();
    schedule.timed(
        () -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
          return true;
        });
    long took = System.nanoTime() - began;

    // when
    schedule.trained();
    while (!schedule.isDue()) {
      Thread.onSpinWait();
    }

    // then
    assertThat(System.nanoTime() - began)
        .isGreaterThan(took + 8 * TimeUnit.MILLISECONDS.toNanos(50));
  }
}

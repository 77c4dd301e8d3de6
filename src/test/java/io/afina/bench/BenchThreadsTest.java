package io.afina.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.lifecycle.Closer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BenchThreadsTest {

  private static final long MILLI = 1_000_000;

  @Test
  void shouldGiveARateWhereTheWarmUpEndsAfterTheTimeToCount() {
    BenchPart.Work slow = new BenchPart.Work(new Closer(), index -> spin(MILLI));

    double rate = new BenchThreads(slow, 2).rate(Duration.ZERO, Duration.ofNanos(1));

    assertThat(rate).isPositive().isLessThanOrEqualTo(2000);
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}

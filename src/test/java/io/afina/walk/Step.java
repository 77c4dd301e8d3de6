package io.afina.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What every step does: it waits for something, and says what it saw. */
public final class Step {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private Step() {}

  /** Waits until it is so. */
  public static void until(String what, Callable<Boolean> enough) {
    await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(enough);
  }

  /** Lets time pass, in which something must not happen. */
  public static void pause(Duration time) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
  }

  /** The time since then, to be read. */
  public static String since(long nanoTime) {
    return text(Duration.ofNanos(System.nanoTime() - nanoTime));
  }

  /** A time to be read. */
  public static String text(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }

  /** Prints a line. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation is of a library that is not here
  public static void say(String what, Object... values) {
    System.out.println("walk: " + what.formatted(values));
  }
}

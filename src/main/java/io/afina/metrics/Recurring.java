package io.afina.metrics;

import io.afina.lifecycle.Worker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does something once an interval on a thread of its own, and once more when it is closed. */
final class Recurring implements AutoCloseable {

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Runnable work;
  private final Worker worker;

  Recurring(String role, Duration interval, Runnable work) {
    this.work = work;
    worker = new Worker(role, () -> run(interval), stopped::countDown);
  }

  @Override
  public void close() {
    worker.close();
    work.run();
  }

  private void run(Duration interval) {
    try {
      while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        work.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

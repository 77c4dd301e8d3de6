package io.afina.bench;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.lifecycle.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Measures how often several threads do the same work, as stream threads do. */
public record BenchThreads(BenchPart.Work work, int threads) {

  /** Measures how often a second all threads together do the work, after a warm-up. */
  public double rate(Duration warmUp, Duration time) {
    long from = System.nanoTime() + warmUp.toNanos();
    ExecutorService pool = Worker.pool("afina-bench", threads);
    try {
      List<Future<Double>> rates = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int first = thread;
        rates.add(pool.submit(() -> rate(first, from, from + time.toNanos())));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AfinaException(ExitCode.FAILURE, "interrupted", e);
    } catch (ExecutionException e) {
      throw new AfinaException(ExitCode.FAILURE, "a part fails: " + e.getCause(), e);
    } finally {
      pool.shutdownNow();
    }
  }

  private double rate(int first, long from, long end) throws Exception {
    int index = first;
    while (System.nanoTime() < from) {
      work.step().run(index++);
    }
    long start = System.nanoTime();
    long done = 0;
    long now;
    // At least once: a slow step of the warm-up may end after the time is over.
    do {
      work.step().run(index++);
      done++;
      now = System.nanoTime();
    } while (now < end);
    return done / ((now - start) / 1e9);
  }
}

package io.afina.picture;

import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Shares memory for decoding among the threads of a process: each takes as many bytes as its
 * picture needs, or waits until others give theirs back, first come, first served. A quarter is for
 * small pictures alone, which so never wait for a large one.
 */
final class MemoryBudget {

  private static final int UNIT = 1024;
  private static final int PARTS = 4;

  /** Whoever has the memory reads more pixels than this takes only of pictures of one piece. */
  private static final long LARGEST_WANTED = 64_000_000;

  /** Far below {@code max.poll.interval.ms}, in which a stream thread has to come back. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String key;
  private final Duration patience;
  private final long wanted;
  private final long smallest;
  private final long largest;
  private final Semaphore small;
  private final Semaphore large;

  /** Memory that a picture has; closing gives it back, once. */
  interface Share extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A budget of so many bytes.
   *
   * @param key the configuration key that sets it
   */
  MemoryBudget(String key, long bytes) {
    this(key, bytes, Math.min(LARGEST_WANTED, (bytes - bytes / PARTS) / PARTS), PATIENCE);
  }

  MemoryBudget(String key, long bytes, long wanted, Duration patience) {
    this.key = key;
    this.patience = patience;
    this.wanted = wanted;
    long part = bytes / PARTS;
    smallest = part / PARTS;
    largest = bytes - part;
    small = new Semaphore(units(part), true);
    large = new Semaphore(units(largest), true);
  }

  /** Bytes that a picture is to take at most if it can be read in part; four such fit at once. */
  long wanted() {
    return wanted;
  }

  /**
   * Takes memory for a picture.
   *
   * @param bytes what decoding it takes at most
   * @throws UnusableRecordException when it is more than there can ever be, or others do not give
   *     enough back within two minutes
   */
  Share take(long bytes, int width, int height) throws UnusableRecordException {
    if (bytes > largest) {
      throw refused(
          width,
          height,
          "decoding it takes %,d bytes; %s leaves %,d, enough for %,d pixels of this kind"
              .formatted(bytes, key, largest, (long) ((double) largest / bytes * width * height)));
    }
    if (bytes == 0) {
      return () -> {};
    }
    Semaphore pool = bytes <= smallest ? small : large;
    int units = units(bytes + UNIT - 1);
    if (!acquire(pool, units)) {
      throw refused(
          width,
          height,
          "the %,d bytes to decode it did not come free in %s: raise %s or lower"
                  .formatted(bytes, patience, key)
              + " classifier.threads, and replay it");
    }
    return () -> pool.release(units);
  }

  private static UnusableRecordException refused(int width, int height, String why) {
    return new UnusableRecordException(
        Stage.DECODE,
        DeadLetter.Reason.TOO_MANY_PIXELS,
        "the picture has %,d x %,d pixels, and %s".formatted(width, height, why));
  }

  private boolean acquire(Semaphore pool, int units) {
    long end = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return pool.tryAcquire(units, end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static int units(long bytes) {
    return Math.toIntExact(bytes / UNIT);
  }
}

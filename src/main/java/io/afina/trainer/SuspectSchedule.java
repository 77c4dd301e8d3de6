package io.afina.trainer;

import java.util.function.Supplier;

/**
 * Says when labels are searched that look wrong: after each training, so that no head waits for it,
 * and for a tenth of the time at most. For one thread.
 */
final class SuspectSchedule {

  private static final int PARTS = 10;

  private boolean trained;
  private long notBefore = System.nanoTime();

  /** Labels were learned that were not searched. */
  void trained() {
    trained = true;
  }

  boolean isDue() {
    return trained && System.nanoTime() - notBefore >= 0;
  }

  /** Runs a search, and lets the next one wait. */
  <T> T timed(Supplier<T> search) {
    long began = System.nanoTime();
    trained = false;
    try {
      return search.get();
    } finally {
      long now = System.nanoTime();
      notBefore = now + (PARTS - 1) * (now - began);
    }
  }
}

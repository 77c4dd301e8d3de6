package io.afina.labelling.queue;

import io.afina.event.RecordId;
import java.util.List;
import java.util.Optional;

/**
 * Plans which items of a queue are handed out next, while the queue goes on. For the thread that
 * feeds it.
 */
public final class AcquisitionPlanner {

  private static final int PARTS = 10;

  private final ReviewQueue queue;
  private long notBefore = System.nanoTime();

  public AcquisitionPlanner(ReviewQueue queue) {
    this.queue = queue;
  }

  /** Plans anew if anything is different, for a tenth of the time at most. */
  public void round() {
    if (System.nanoTime() - notBefore >= 0) {
      plan();
    }
  }

  void plan() {
    long began = System.nanoTime();
    Optional<Acquisition.Sight> sight;
    synchronized (queue) {
      sight = queue.leasing.acquisition().sight(queue.items, queue.clock.instant());
    }
    if (sight.isPresent()) {
      List<RecordId> next = sight.get().plan();
      synchronized (queue) {
        queue.leasing.acquisition().planned(next);
      }
      long now = System.nanoTime();
      notBefore = now + (PARTS - 1) * (now - began);
    }
  }
}

package io.afina.labelling.queue;

import io.afina.event.RecordId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Leases groups of items of a queue: who asks chooses them, and gives back what the page had
 * before. Safe for any thread.
 */
public record GridLeasing(ReviewQueue queue) {

  /** What a labeller has on grids at most, beside what he is shown one by one. */
  public static final int MOST = 24;

  /** The open item of an image. */
  public Optional<QueuedItem> find(String image) {
    synchronized (queue) {
      return queue.items.of(image).map(open -> open.item);
    }
  }

  /** What a labeller may be given or has on this page, in the order in which people are asked. */
  public List<QueuedItem> free(String labeller, String page) {
    synchronized (queue) {
      Instant now = queue.clock.instant();
      queue.items.removeOver(now);
      return queue.items.ordered().stream()
          .filter(open -> open.isFreeFor(labeller, now) || open.isOn(labeller, page, now))
          .map(open -> open.item)
          .toList();
    }
  }

  /**
   * Leases just these to a page, and gives back what else it has.
   *
   * @return those that it got: others may have been given to somebody else meanwhile
   */
  public List<QueuedItem> lease(String labeller, String page, List<QueuedItem> chosen) {
    Set<RecordId> ids = Set.copyOf(chosen.stream().map(QueuedItem::id).toList());
    synchronized (queue) {
      Instant now = queue.clock.instant();
      queue.items.ordered().stream()
          .filter(open -> !ids.contains(open.id()) && open.isOn(labeller, page, now))
          .forEach(open -> open.release(labeller));
      int room = MOST - queue.items.count(open -> open.isOnGrid(labeller, now));
      List<QueuedItem> leased = new ArrayList<>();
      for (QueuedItem item : chosen) {
        OpenItem open = queue.items.at(item.id());
        boolean mine = open != null && open.isOnGrid(labeller, now);
        if (open != null && (mine || room > 0) && lease(open, labeller, page, now)) {
          leased.add(open.item);
          room -= mine ? 0 : 1;
        }
      }
      return leased;
    }
  }

  private boolean lease(OpenItem open, String labeller, String page, Instant now) {
    boolean may = open.isOn(labeller, page, now) || open.isFreeFor(labeller, now);
    if (may) {
      open.leaseToGrid(labeller, page, queue.leasing.until(now));
    }
    return may;
  }
}

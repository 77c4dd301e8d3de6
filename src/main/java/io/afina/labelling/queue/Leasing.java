package io.afina.labelling.queue;

import io.afina.event.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Leases open items to pages. Used under the queue's lock only.
 *
 * @param acquisition chooses what is handed out next
 * @param perLabeller items that one labeller has at most, beside those on a grid
 * @param lease how long
 */
record Leasing(OpenItems items, Acquisition acquisition, int perLabeller, Duration lease) {

  /** When a lease that begins now is over. */
  Instant until(Instant now) {
    return now.plus(lease);
  }

  /** Leases one item if it is free for the labeller, and says whether it is. */
  boolean lease(OpenItem open, String labeller, String page, Instant now) {
    boolean free = open.isFreeFor(labeller, now);
    if (free) {
      open.leaseTo(labeller, page, until(now));
    }
    return free;
  }

  /** See {@link ReviewQueue#lease}. */
  Leased lease(String labeller, String page, int count, Set<RecordId> have, Instant now) {
    items.removeOver(now);
    Instant until = until(now);
    List<OpenItem> mine =
        items.ordered().stream().filter(open -> open.isLeasedTo(labeller, now)).toList();
    long single = mine.stream().filter(open -> !open.isOnGrid(labeller, now)).count();
    int room = (int) Math.max(0, perLabeller - single);
    List<OpenItem> kept =
        new ArrayList<>(mine.stream().filter(open -> open.renew(labeller, page, until)).toList());
    List<OpenItem> free =
        items.ordered().stream().filter(open -> open.isFreeFor(labeller, now)).toList();
    List<OpenItem> again =
        free.stream().filter(open -> have.contains(open.id())).limit(room).toList();
    kept.addAll(again);
    List<OpenItem> wanted =
        new ArrayList<>(kept.stream().filter(open -> !have.contains(open.id())).toList());
    List<OpenItem> others = free.stream().filter(open -> !have.contains(open.id())).toList();
    int more = Math.max(0, Math.min(count - wanted.size(), room - again.size()));
    wanted.addAll(acquisition.first(more, others));
    Stream.concat(again.stream(), wanted.stream())
        .forEach(open -> open.leaseTo(labeller, page, until));
    Set<RecordId> lost = new HashSet<>(have);
    kept.forEach(open -> lost.remove(open.id()));
    return new Leased(
        wanted.stream().limit(count).map(open -> open.item).toList(),
        lost,
        items.count(open -> open.isOnlyForOthers(labeller, now)),
        items.count(open -> open.isPassedBy(labeller)));
  }
}

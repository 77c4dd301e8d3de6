package io.afina.labelling.queue;

import io.afina.event.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Holds the review items of this instance's partitions until they are answered. An item is leased
 * to one labeller at a time and comes back when the lease is over. All of it can be read again from
 * {@code review}, from {@link #committable} on. Safe for any thread.
 */
public final class ReviewQueue {

  private final int limit;
  private final int leasesPerLabeller;
  private final Duration lease;
  private final InstantSource clock;
  private final OpenItems items = new OpenItems();

  /** Of partitions that go to another instance, what is being answered. */
  private final Set<OpenItem> closing = new HashSet<>();

  /**
   * An empty queue.
   *
   * @param limit items held at most; {@link #isFull} tells
   * @param leasesPerLabeller items that one labeller has at most
   * @param lease how long
   */
  public ReviewQueue(int limit, int leasesPerLabeller, Duration lease, InstantSource clock) {
    this.limit = limit;
    this.leasesPerLabeller = leasesPerLabeller;
    this.lease = lease;
    this.clock = clock;
  }

  /** How much there is to do. */
  public record Size(int open, int leased) {}

  /** Begins with a partition that was assigned to this instance. */
  public synchronized void open(int partition) {
    items.open(partition);
  }

  /**
   * Forgets a partition that goes to another instance, once the answers under way have arrived.
   *
   * @return whether they all did in time
   */
  public synchronized boolean close(int partition, Duration patience) {
    return awaitAnswers(items.close(partition), patience);
  }

  /** Adds an item; of two with one image id the later counts. */
  public synchronized void offer(QueuedItem item) {
    if (items.at(item.id()) == null) {
      items.add(new OpenItem(item, -1));
    }
  }

  /** Whether no more should be read. */
  public synchronized boolean isFull() {
    return items.ordered().size() >= limit;
  }

  /** From where a partition must be read again to have all that is open. */
  public synchronized long committable(int partition, long position) {
    return items.first(partition, position);
  }

  /**
   * Leases items: first those that this page of this labeller has already, then others.
   *
   * @param page which of the labeller's open pages asks
   * @param have what it holds and does not want again; these leases are renewed
   */
  public synchronized List<QueuedItem> lease(
      String labeller, String page, int count, Set<RecordId> have) {
    Instant now = clock.instant();
    Instant until = now.plus(lease);
    List<OpenItem> mine =
        items.ordered().stream().filter(open -> open.isLeasedTo(labeller, now)).toList();
    List<OpenItem> wanted =
        new ArrayList<>(mine.stream().filter(open -> open.renew(page, until)).toList());
    wanted.removeIf(open -> open.answering || have.contains(open.id()));
    items.ordered().stream()
        .filter(open -> open.isFreeFor(labeller, now))
        .limit(Math.max(0, Math.min(count - wanted.size(), leasesPerLabeller - mine.size())))
        .forEach(
            open -> {
              open.leaseTo(labeller, page, until);
              wanted.add(open);
            });
    return wanted.stream().limit(count).map(open -> open.item).toList();
  }

  /** Begins an answer; {@link #settle} must follow a grant. */
  public synchronized Claim claim(RecordId id, String labeller) {
    OpenItem open = items.at(id);
    if (open == null) {
      return new Claim.Gone();
    }
    Instant now = clock.instant();
    if (open.answering || !(open.isFree(now) || open.isLeasedTo(labeller, now))) {
      return new Claim.Taken();
    }
    open.answering = true;
    return new Claim.Granted(open.item);
  }

  /**
   * Ends an answer.
   *
   * @param answered whether it has arrived; if not, the item stays open
   */
  public synchronized void settle(QueuedItem item, boolean answered) {
    OpenItem open = items.of(item.image());
    if (open != null && open.id().equals(item.id())) {
      open.answering = false;
      if (answered) {
        items.remove(open);
      }
    }
    closing.removeIf(closed -> closed.id().equals(item.id()));
    notifyAll();
  }

  /**
   * The labeller does not say: others are asked, this one not again.
   *
   * @param unsure whether it was too hard: others are then asked last
   * @return whether the labeller had it
   */
  public synchronized boolean pass(RecordId id, String labeller, boolean unsure) {
    OpenItem open = items.at(id);
    if (open == null || open.answering || !open.isLeasedTo(labeller, clock.instant())) {
      return false;
    }
    open.pass(labeller);
    if (unsure) {
      items.postpone(open);
    }
    return true;
  }

  /** Nobody can be asked: its picture is gone. */
  public synchronized void drop(RecordId id) {
    OpenItem open = items.at(id);
    if (open != null && !open.answering) {
      items.remove(open);
    }
  }

  /**
   * The image was answered, here or elsewhere.
   *
   * @param offset of the correction: one that was withdrawn before does not count
   */
  public synchronized void forget(String image, long offset) {
    OpenItem open = items.of(image);
    if (open != null && open.isAnsweredAt(offset)) {
      items.remove(open);
    }
  }

  /**
   * Takes an item back whose answer was withdrawn, and leases it to the labeller who did so.
   *
   * @param offset of the withdrawal on {@code corrections}
   * @return whether the partition is still this instance's
   */
  public synchronized boolean restore(QueuedItem item, String labeller, String page, long offset) {
    if (!items.owns(item.id().partition())) {
      return false;
    }
    OpenItem open = new OpenItem(item, offset);
    open.leaseTo(labeller, page, clock.instant().plus(lease));
    items.add(open);
    return true;
  }

  /** How many are open, and how many of them are with somebody. */
  public synchronized Size size() {
    Instant now = clock.instant();
    return new Size(
        items.ordered().size(),
        (int) items.ordered().stream().filter(open -> !open.isFree(now)).count());
  }

  /** Since when the oldest open item waits, in milliseconds since 1970; empty when none does. */
  synchronized OptionalLong oldest() {
    return items.ordered().stream().mapToLong(open -> open.item.timestamp()).min();
  }

  /** The first so many that are open, whoever has them. */
  public synchronized List<QueuedItem> first(int count) {
    return items.ordered().stream().limit(count).map(open -> open.item).toList();
  }

  private boolean awaitAnswers(Collection<OpenItem> gone, Duration patience) {
    gone.stream().filter(open -> open.answering).forEach(closing::add);
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (!closing.isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean all = closing.isEmpty();
    closing.clear();
    return all;
  }
}

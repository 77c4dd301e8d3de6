package io.afina.labelling.queue;

import io.afina.event.RecordId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the review items of this instance's partitions until as many labellers as are asked have
 * answered. An item is leased to no more than are still asked, and comes back when the lease is
 * over. All of it can be read again from {@code review}, from {@link #committable} on. Safe for any
 * thread.
 */
public final class ReviewQueue {

  private final int limit;
  private final Assignments assignments;
  private final UnaryOperator<QueuedItem> scorer;
  final InstantSource clock;
  final OpenItems items = new OpenItems();
  final Leasing leasing;
  private final Presence presence = new Presence();

  /** Of partitions that go to another instance, what is being answered. */
  private final Set<OpenItem> closing = new HashSet<>();

  /**
   * An empty queue.
   *
   * @param limit items held at most; {@link #isFull} tells
   * @param assignments how many are asked about an item, and who
   * @param leasesPerLabeller items that one labeller has at most
   * @param lease how long
   * @param scorer gives items the prediction of the champion of now
   */
  public ReviewQueue(
      int limit,
      Assignments assignments,
      int leasesPerLabeller,
      Duration lease,
      UnaryOperator<QueuedItem> scorer,
      InstantSource clock) {
    this.limit = limit;
    this.assignments = assignments;
    this.leasing = new Leasing(items, new Acquisition(), leasesPerLabeller, lease);
    this.scorer = scorer;
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

  /** Who is asked about what. */
  public Assignments assignments() {
    return assignments;
  }

  /**
   * Adds an item unless it is there; of two with one image id the later counts.
   *
   * @param answeredBy who has answered before, fewer than are asked
   */
  public synchronized void offer(QueuedItem item, Set<String> answeredBy) {
    if (items.at(item.id()) == null) {
      items.add(opened(item, answeredBy));
    }
  }

  private OpenItem opened(QueuedItem item, Set<String> answeredBy) {
    return new OpenItem(scorer.apply(item), assignments, answeredBy, presence);
  }

  /** Asks about these labels that look wrong, and about no others. */
  public synchronized void suspect(List<QueuedItem> found) {
    items.suspect(found, item -> opened(item, Set.of()), clock.instant());
  }

  /** Gives every item the prediction of the champion of now, and its place by that. */
  public void rescore() {
    for (QueuedItem item : first(Integer.MAX_VALUE)) {
      replace(item, scorer.apply(item));
    }
  }

  private synchronized void replace(QueuedItem before, QueuedItem now) {
    OpenItem open = items.at(before.id());
    if (open != null && !now.equals(before)) {
      items.replace(open, now);
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
   * @param have what it holds and does not want again; these leases are renewed, also those that
   *     are over while nobody else was given the item
   */
  public synchronized Leased lease(String labeller, String page, int count, Set<RecordId> have) {
    presence.asks(labeller, clock.instant());
    return leasing.lease(labeller, page, count, have, clock.instant());
  }

  /** Begins an answer; {@link #settle} must follow a grant. */
  public synchronized Claim claim(RecordId id, String labeller) {
    OpenItem open = items.at(id);
    if (open == null) {
      return new Claim.Gone();
    }
    if (open.begin(labeller, clock.instant())) {
      return new Claim.Granted(open.item);
    }
    return open.isAnsweredBy(labeller) ? new Claim.Answered() : new Claim.Taken();
  }

  /** Ends an answer that has not arrived: the item stays open. */
  public synchronized void failed(QueuedItem item, String labeller) {
    settle(item, labeller, open -> {});
  }

  /** Ends an answer that has arrived at an offset of {@code corrections}. */
  public synchronized void answered(QueuedItem item, String labeller, long offset) {
    settle(item, labeller, open -> open.answered(labeller, offset));
  }

  private void settle(QueuedItem item, String labeller, Consumer<OpenItem> then) {
    Stream.concat(Stream.ofNullable(items.at(item.id())), closing.stream())
        .filter(open -> open.id().equals(item.id()))
        .toList()
        .forEach(
            open -> {
              open.settle(labeller);
              then.accept(open);
            });
    removeDone(items.at(item.id()));
    closing.removeIf(open -> !open.isAnswering());
    notifyAll();
  }

  private void removeDone(@Nullable OpenItem open) {
    if (open != null && open.isDone() && !open.isAnswering()) {
      leasing.acquisition().answered(open.item);
      items.remove(open);
    }
  }

  /**
   * The labeller does not say: others are asked, this one not again.
   *
   * @param unsure whether it was too hard: others are then asked last
   * @return the item; empty when the labeller does not have it
   */
  public synchronized Optional<QueuedItem> pass(RecordId id, String labeller, boolean unsure) {
    OpenItem open = items.at(id);
    if (open == null || !open.isLeasedTo(labeller, clock.instant())) {
      return Optional.empty();
    }
    open.pass(labeller);
    if (unsure) {
      items.postpone(open, 1);
    }
    items.removeOver(clock.instant());
    return Optional.of(open.item);
  }

  /** Asks somebody again who did not say; gives whether he has it now, and no other. */
  public synchronized boolean passNoMore(
      QueuedItem item, String labeller, String page, boolean unsure) {
    OpenItem open = items.at(item.id());
    if (open == null) {
      return false;
    }
    open.passNoMore(labeller);
    items.postpone(open, unsure ? -1 : 0);
    return leasing.lease(open, labeller, page, clock.instant());
  }

  /** A labeller wants to be asked again about all that he passed on. */
  public synchronized void passNoMore(String labeller) {
    items.ordered().forEach(open -> open.passNoMore(labeller));
  }

  /** Nobody can be asked: its picture is gone. */
  public synchronized void drop(RecordId id) {
    OpenItem open = items.at(id);
    if (open != null && !open.isAnswering()) {
      items.remove(open);
    }
  }

  /**
   * The image was corrected, here or elsewhere.
   *
   * @param labeller who did, if known
   * @param offset of the correction: one that was withdrawn before does not count
   */
  public synchronized void corrected(String image, @Nullable String labeller, long offset) {
    String who = Objects.requireNonNullElse(labeller, Answers.UNKNOWN);
    items.of(image).ifPresent(open -> open.answered(who, offset));
    items.of(image).ifPresent(this::removeDone);
  }

  /** All corrections of the image before this offset were withdrawn: all are asked again. */
  public synchronized void withdrawn(String image, long offset) {
    items.of(image).ifPresent(open -> open.withdrawn(offset));
  }

  /** What one labeller said before this offset was withdrawn: that one is asked again. */
  public synchronized void withdrawn(String image, @Nullable String labeller, long offset) {
    String who = Objects.requireNonNullElse(labeller, Answers.UNKNOWN);
    items.of(image).ifPresent(open -> open.withdrawn(who, offset));
  }

  /**
   * Takes an item back whose answer a labeller withdrew, and leases it to that labeller, even if
   * others have said enough.
   *
   * @param others who have answered it, too
   * @param offset of the withdrawal on {@code corrections}
   * @return whether the partition is still this instance's
   */
  public synchronized boolean restore(
      QueuedItem item, String labeller, String page, Set<String> others, long offset) {
    if (!items.owns(item.id().partition())) {
      return false;
    }
    offer(item, others);
    OpenItem open = Objects.requireNonNull(items.at(item.id()));
    open.withdrawn(labeller, offset);
    open.leaseTo(labeller, page, leasing.until(clock.instant()));
    return true;
  }

  /** How many are open, and how many of them are with somebody. */
  public synchronized Size size() {
    Instant now = clock.instant();
    return new Size(items.ordered().size(), items.count(open -> !open.isFree(now)));
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
    gone.stream().filter(OpenItem::isAnswering).forEach(closing::add);
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

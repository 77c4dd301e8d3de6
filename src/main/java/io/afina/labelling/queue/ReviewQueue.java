package io.afina.labelling.queue;

import io.afina.event.ReviewItem.ReviewReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The review items of the partitions that this instance owns, until they are answered. An item is
 * leased to one labeller at a time and comes back when the lease is over. All of it can be read
 * again from {@code review}, from {@link #committable} on.
 *
 * <p>Drawn ones (audit) come first, oldest first, so that no opinion about their worth enters what
 * they measure; then those that a label is worth most for; last those that somebody was not sure
 * of.
 */
public final class ReviewQueue {

  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry e) -> e.unsure)
          .thenComparing(e -> e.item.review().reason() != ReviewReason.AUDIT)
          .thenComparing(
              e ->
                  e.item.review().reason() == ReviewReason.AUDIT
                      ? 0
                      : -e.item.review().uncertainty())
          .thenComparing(e -> e.item.timestamp())
          .thenComparing(e -> e.item.id().partition())
          .thenComparing(e -> e.item.id().offset());

  private final int limit;
  private final int leasesPerLabeller;
  private final Duration lease;
  private final InstantSource clock;
  private final Map<Integer, TreeMap<Long, Entry>> partitions = new HashMap<>();
  private final Map<String, Entry> byImage = new HashMap<>();
  private final TreeSet<Entry> ordered = new TreeSet<>(ORDER);

  /** Of partitions that go to another instance, what is being answered. */
  private final Set<Entry> closing = new HashSet<>();

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
    partitions.putIfAbsent(partition, new TreeMap<>());
  }

  /**
   * Forgets a partition that goes to another instance, once the answers under way have arrived.
   *
   * @return whether they all did in time
   */
  public synchronized boolean close(int partition, Duration patience) {
    TreeMap<Long, Entry> entries = partitions.remove(partition);
    if (entries == null) {
      return true;
    }
    List<Entry> gone = List.copyOf(entries.values());
    gone.forEach(this::unlink);
    return awaitAnswers(gone, patience);
  }

  /** Adds an item; of two with one image id the later counts. */
  public synchronized void offer(QueuedItem item) {
    TreeMap<Long, Entry> entries = partitions.get(item.id().partition());
    if (entries == null || entries.containsKey(item.id().offset())) {
      return;
    }
    Entry before = byImage.get(item.image());
    if (before != null) {
      remove(before);
    }
    add(new Entry(item));
  }

  /** Whether no more should be read. */
  public synchronized boolean isFull() {
    return ordered.size() >= limit;
  }

  /** From where a partition must be read again to have all that is open. */
  public synchronized long committable(int partition, long position) {
    TreeMap<Long, Entry> entries = partitions.get(partition);
    return entries == null || entries.isEmpty() ? position : Math.min(position, entries.firstKey());
  }

  /**
   * Leases items: first those that this page of this labeller has already, then others.
   *
   * @param page which of the labeller's open pages asks
   * @param have what it holds and does not want again; these leases are renewed
   */
  public synchronized List<QueuedItem> lease(
      String labeller, String page, int count, Set<ItemId> have) {
    Instant now = clock.instant();
    List<Entry> mine = ordered.stream().filter(entry -> entry.isLeasedTo(labeller, now)).toList();
    List<Entry> wanted = new ArrayList<>();
    for (Entry entry : mine) {
      if (page.equals(entry.page)) {
        entry.until = now.plus(lease);
        if (!entry.answering && !have.contains(entry.item.id())) {
          wanted.add(entry);
        }
      }
    }
    ordered.stream()
        .filter(entry -> entry.isFree(now) && !entry.passedBy.contains(labeller))
        .limit(Math.max(0, Math.min(count - wanted.size(), leasesPerLabeller - mine.size())))
        .forEach(
            entry -> {
              entry.leaseTo(labeller, page, now.plus(lease));
              wanted.add(entry);
            });
    return wanted.stream().limit(count).map(entry -> entry.item).toList();
  }

  /** Begins an answer; {@link #answered} or {@link #failed} must follow a grant. */
  public synchronized Claim claim(ItemId id, String labeller) {
    Entry entry = entry(id);
    if (entry == null) {
      return new Claim.Gone();
    }
    Instant now = clock.instant();
    if (entry.answering || !(entry.isFree(now) || entry.isLeasedTo(labeller, now))) {
      return new Claim.Taken();
    }
    entry.answering = true;
    return new Claim.Granted(entry.item);
  }

  /** The answer has arrived. */
  public synchronized void answered(QueuedItem item) {
    settle(item, true);
  }

  /** The answer has not arrived: the item stays open. */
  public synchronized void failed(QueuedItem item) {
    settle(item, false);
  }

  private void settle(QueuedItem item, boolean answered) {
    Entry entry = byImage.get(item.image());
    if (entry != null && entry.item.id().equals(item.id())) {
      entry.answering = false;
      if (answered) {
        remove(entry);
      }
    }
    closing.removeIf(
        closed -> {
          closed.answering &= !closed.item.id().equals(item.id());
          return !closed.answering;
        });
    notifyAll();
  }

  /**
   * The labeller does not say: others are asked, this one not again.
   *
   * @param unsure whether it was too hard: others are then asked last
   * @return whether the labeller had it
   */
  public synchronized boolean pass(ItemId id, String labeller, boolean unsure) {
    Entry entry = entry(id);
    if (entry == null || entry.answering || !entry.isLeasedTo(labeller, clock.instant())) {
      return false;
    }
    entry.passedBy.add(labeller);
    entry.free();
    if (unsure) {
      ordered.remove(entry);
      entry.unsure++;
      ordered.add(entry);
    }
    return true;
  }

  /** Nobody can be asked: its picture is gone. */
  public synchronized void drop(ItemId id) {
    Entry entry = entry(id);
    if (entry != null && !entry.answering) {
      remove(entry);
    }
  }

  /**
   * The image was answered, here or elsewhere.
   *
   * @param offset of the correction: one that was withdrawn before does not count
   */
  public synchronized void forget(String image, long offset) {
    Entry entry = byImage.get(image);
    if (entry != null && !entry.answering && offset > entry.withdrawnAt) {
      remove(entry);
    }
  }

  /**
   * Takes an item back whose answer was withdrawn, and leases it to the labeller who did so.
   *
   * @param offset of the withdrawal on {@code corrections}
   * @return whether the partition is still this instance's
   */
  public synchronized boolean restore(QueuedItem item, String labeller, String page, long offset) {
    if (!partitions.containsKey(item.id().partition())) {
      return false;
    }
    Entry present = byImage.get(item.image());
    if (present != null) {
      remove(present);
    }
    Entry entry = new Entry(item);
    entry.withdrawnAt = offset;
    entry.leaseTo(labeller, page, clock.instant().plus(lease));
    add(entry);
    return true;
  }

  /** How many are open, and how many of them are with somebody. */
  public synchronized Size size() {
    Instant now = clock.instant();
    return new Size(
        ordered.size(), (int) ordered.stream().filter(entry -> !entry.isFree(now)).count());
  }

  /** Since when the oldest open item waits, in milliseconds since 1970; empty when none does. */
  synchronized OptionalLong oldest() {
    return ordered.stream().mapToLong(entry -> entry.item.timestamp()).min();
  }

  /** The first so many that are open, whoever has them. */
  public synchronized List<QueuedItem> first(int count) {
    return ordered.stream().limit(count).map(entry -> entry.item).toList();
  }

  private boolean awaitAnswers(Collection<Entry> gone, Duration patience) {
    gone.stream().filter(entry -> entry.answering).forEach(closing::add);
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

  private @Nullable Entry entry(ItemId id) {
    TreeMap<Long, Entry> entries = partitions.get(id.partition());
    return entries == null ? null : entries.get(id.offset());
  }

  private void add(Entry entry) {
    TreeMap<Long, Entry> entries = partitions.get(entry.item.id().partition());
    if (entries != null) {
      entries.put(entry.item.id().offset(), entry);
      byImage.put(entry.item.image(), entry);
      ordered.add(entry);
    }
  }

  private void remove(Entry entry) {
    TreeMap<Long, Entry> entries = partitions.get(entry.item.id().partition());
    if (entries != null) {
      entries.remove(entry.item.id().offset());
    }
    unlink(entry);
  }

  private void unlink(Entry entry) {
    byImage.remove(entry.item.image(), entry);
    ordered.remove(entry);
  }

  private static final class Entry {

    private final QueuedItem item;
    private final Set<String> passedBy = new HashSet<>();
    private @Nullable String holder;
    private @Nullable String page;
    private Instant until = Instant.MIN;
    private boolean answering;
    private int unsure;
    private long withdrawnAt = -1;

    Entry(QueuedItem item) {
      this.item = item;
    }

    boolean isFree(Instant now) {
      return !answering && (holder == null || !now.isBefore(until));
    }

    boolean isLeasedTo(String labeller, Instant now) {
      return labeller.equals(holder) && now.isBefore(until);
    }

    void leaseTo(String labeller, String page, Instant until) {
      this.holder = labeller;
      this.page = page;
      this.until = until;
    }

    void free() {
      holder = null;
      page = null;
      until = Instant.MIN;
    }
  }
}

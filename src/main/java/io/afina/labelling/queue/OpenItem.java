package io.afina.labelling.queue;

import io.afina.event.Prediction.Decision;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.suspect.Suspects.Suspect;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A review item that not all who are asked have answered, and who has it. Used under the queue's
 * lock only.
 *
 * <p>Drawn ones (audit) come first, oldest first, so that no opinion about their worth enters what
 * they measure; then those that are deferred, and of these the most uncertain ({@link Acquisition}
 * chooses of them); last those that somebody was not sure of.
 */
final class OpenItem {

  static final Comparator<OpenItem> ORDER =
      Comparator.comparing((OpenItem open) -> open.unsure)
          .thenComparing(open -> !open.isAudit())
          .thenComparing(OpenItem::isAccepted)
          .thenComparing(open -> open.isAudit() ? 0 : -open.item.review().uncertainty())
          .thenComparing(open -> open.item.timestamp())
          .thenComparing(OpenItem::id);

  /** In the same sitting one would only say the same again. */
  private static final Duration ANOTHER_SITTING = Duration.ofHours(1);

  /** Changes its place in {@link #ORDER} when it changes. */
  QueuedItem item;

  /** Whose answers are on their way to {@code corrections}. */
  private final Set<String> answering = new HashSet<>();

  /** Who has answered, with the offset of the answer on {@code corrections}. */
  private final Map<String, Long> answered = new HashMap<>();

  private final Map<String, Lease> leases = new HashMap<>();
  private final Set<String> passedBy = new HashSet<>();
  private final Assignments assignments;
  private final Presence presence;
  private final int labellers;
  private final Map<String, Long> withdrawn = new HashMap<>();
  private long withdrawnAt = -1;
  private int unsure;

  /**
   * @param grid whether it is one of many on a page
   */
  private record Lease(String page, Instant until, boolean grid) {}

  /**
   * An open item that nobody has.
   *
   * @param assignments how many are asked, and who
   * @param answeredBy who has answered before; nothing to an item that asks about their answer
   * @param presence who is there to be asked
   */
  OpenItem(QueuedItem item, Assignments assignments, Set<String> answeredBy, Presence presence) {
    this.item = item;
    this.assignments = assignments;
    this.presence = presence;
    this.labellers = isSuspect() ? 1 : assignments.labellers(item.image());
    if (!isSuspect()) {
      answeredBy.forEach(labeller -> answered.put(labeller, -1L));
    }
  }

  /** Whether it asks about a label that looks wrong. */
  boolean isSuspect() {
    return item.suspect() != null;
  }

  /** Who said what looks wrong does not judge it, unless nobody else is there. */
  private boolean mayJudge(String labeller, Instant now) {
    Suspect suspect = item.suspect();
    return suspect == null
        || !suspect.labellers().contains(labeller)
        || (!presence.hasOthersThan(suspect.labellers(), now)
            && !now.isBefore(suspect.said().plus(ANOTHER_SITTING)));
  }

  RecordId id() {
    return item.id();
  }

  /** Whether an answer is on its way. */
  boolean isAnswering() {
    return !answering.isEmpty();
  }

  boolean isAnsweredBy(String labeller) {
    return answered.containsKey(labeller);
  }

  /** Whether all who are asked have answered. */
  boolean isDone() {
    return answered.size() >= labellers;
  }

  boolean isPassedBy(String labeller) {
    return passedBy.contains(labeller);
  }

  /** Whether one more may be asked. */
  boolean isFree(Instant now) {
    leases.values().removeIf(lease -> !now.isBefore(lease.until()));
    return answered.size() + answering.size() + leases.size() < labellers;
  }

  boolean isFreeFor(String labeller, Instant now) {
    return isFree(now)
        && !passedBy.contains(labeller)
        && !answered.containsKey(labeller)
        && !answering.contains(labeller)
        && !leases.containsKey(labeller)
        && assignments.allow(labeller, item)
        && mayJudge(labeller, now);
  }

  /** Whether it is with others, who alone may answer it now. */
  boolean isOnlyForOthers(String labeller, Instant now) {
    return !isLeasedTo(labeller, now) && !isPassedBy(labeller) && !isFreeFor(labeller, now);
  }

  boolean isLeasedTo(String labeller, Instant now) {
    Lease lease = leases.get(labeller);
    return lease != null && now.isBefore(lease.until());
  }

  /** Whether the labeller has it on this page. */
  boolean isOn(String labeller, String page, Instant now) {
    Lease lease = leases.get(labeller);
    return isLeasedTo(labeller, now) && lease != null && lease.page().equals(page);
  }

  /** Gives it back. */
  void release(String labeller) {
    leases.remove(labeller);
  }

  void leaseTo(String labeller, String page, Instant until) {
    leases.put(labeller, new Lease(page, until, false));
  }

  void leaseToGrid(String labeller, String page, Instant until) {
    leases.put(labeller, new Lease(page, until, true));
  }

  /** Whether the labeller has it on a grid. */
  boolean isOnGrid(String labeller, Instant now) {
    Lease lease = leases.get(labeller);
    return isLeasedTo(labeller, now) && lease != null && lease.grid();
  }

  /** Leases it for longer if the labeller has it on this page, and says whether it is there. */
  boolean renew(String labeller, String page, Instant until) {
    Lease lease = leases.get(labeller);
    if (lease == null || !lease.page().equals(page)) {
      return false;
    }
    leases.put(labeller, new Lease(page, until, lease.grid()));
    return true;
  }

  /** Begins an answer if the labeller may give one; {@link #settle} must follow. */
  boolean begin(String labeller, Instant now) {
    boolean may =
        !answering.contains(labeller)
            && !answered.containsKey(labeller)
            && (isLeasedTo(labeller, now) || isFree(now));
    if (may) {
      leases.remove(labeller);
      answering.add(labeller);
    }
    return may;
  }

  /** Ends an answer, which may have arrived or not. */
  void settle(String labeller) {
    answering.remove(labeller);
  }

  /** A labeller has answered, here or elsewhere: what was withdrawn later does not count. */
  void answered(String labeller, long offset) {
    long gone = Math.max(withdrawnAt, withdrawn.getOrDefault(labeller, -1L));
    if (offset > gone && !answering.contains(labeller)) {
      answered.merge(labeller, offset, Math::max);
      leases.remove(labeller);
    }
  }

  /** Whatever was answered before this offset counts no more. */
  void withdrawn(long offset) {
    withdrawnAt = Math.max(withdrawnAt, offset);
    answered.values().removeIf(at -> at < offset);
  }

  /** Whatever one labeller answered before this offset counts no more. */
  void withdrawn(String labeller, long offset) {
    withdrawn.merge(labeller, offset, Math::max);
    answered.computeIfPresent(labeller, (who, at) -> at < offset ? null : at);
  }

  /** Takes it from a labeller who does not say. */
  void pass(String labeller) {
    passedBy.add(labeller);
    leases.remove(labeller);
  }

  /** Asks a labeller again who did not say. */
  void passNoMore(String labeller) {
    passedBy.remove(labeller);
  }

  /** Lets others be asked later, or less late; changes its place in {@link #ORDER}. */
  void postpone(int by) {
    unsure += by;
  }

  /** Whether all who are asked have answered, and nobody is about to say something else. */
  boolean isOver(Instant now) {
    leases.values().removeIf(lease -> !now.isBefore(lease.until()));
    return isDone() && leases.isEmpty() && !isAnswering();
  }

  /** Whether its place follows from what its label is worth alone. */
  boolean isWeighed() {
    return unsure == 0 && !isAudit() && !isAccepted();
  }

  /** Whether the prediction may be used unseen: what is deferred is asked first. */
  private boolean isAccepted() {
    return !isAudit() && item.review().prediction().decision() == Decision.ACCEPT;
  }

  private boolean isAudit() {
    return item.review().reason() == ReviewReason.AUDIT;
  }
}

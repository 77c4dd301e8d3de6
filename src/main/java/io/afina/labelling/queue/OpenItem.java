package io.afina.labelling.queue;

import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A review item that nobody has answered, and who has it. Used under the queue's lock only.
 *
 * <p>Drawn ones (audit) come first, oldest first, so that no opinion about their worth enters what
 * they measure; then those that a label is worth most for; last those that somebody was not sure
 * of.
 */
final class OpenItem {

  static final Comparator<OpenItem> ORDER =
      Comparator.comparing((OpenItem open) -> open.unsure)
          .thenComparing(open -> !open.isAudit())
          .thenComparing(open -> open.isAudit() ? 0 : -open.item.review().uncertainty())
          .thenComparing(open -> open.item.timestamp())
          .thenComparing(OpenItem::id);

  final QueuedItem item;

  /** Whether its answer is on its way to {@code corrections}. */
  boolean answering;

  private final Set<String> passedBy = new HashSet<>();
  private final long withdrawnAt;
  private @Nullable String holder;
  private @Nullable String page;
  private Instant until = Instant.MIN;
  private int unsure;

  /**
   * An open item that nobody has.
   *
   * @param withdrawnAt offset on {@code corrections} at which its answer was withdrawn, or -1
   */
  OpenItem(QueuedItem item, long withdrawnAt) {
    this.item = item;
    this.withdrawnAt = withdrawnAt;
  }

  RecordId id() {
    return item.id();
  }

  /** Whether a correction at this offset answers it: one that was withdrawn does not. */
  boolean isAnsweredAt(long offset) {
    return !answering && offset > withdrawnAt;
  }

  boolean isFree(Instant now) {
    return !answering && (holder == null || !now.isBefore(until));
  }

  boolean isFreeFor(String labeller, Instant now) {
    return isFree(now) && !passedBy.contains(labeller);
  }

  boolean isLeasedTo(String labeller, Instant now) {
    return labeller.equals(holder) && now.isBefore(until);
  }

  void leaseTo(String labeller, String page, Instant until) {
    this.holder = labeller;
    this.page = page;
    this.until = until;
  }

  /** Leases it for longer if it is on this page, and says whether it is. */
  boolean renew(String page, Instant until) {
    if (page.equals(this.page)) {
      this.until = until;
      return true;
    }
    return false;
  }

  /** Takes it from a labeller who does not say. */
  void pass(String labeller) {
    passedBy.add(labeller);
    holder = null;
  }

  /** Lets others be asked last; changes its place in {@link #ORDER}. */
  void postpone() {
    unsure++;
  }

  private boolean isAudit() {
    return item.review().reason() == ReviewReason.AUDIT;
  }
}

package io.afina.labelling.queue;

import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A review item that nobody has answered, and who has it. The queue's lock guards it.
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

  private final QueuedItem item;
  private final Set<String> passedBy = new HashSet<>();
  private final long withdrawnAt;
  private @Nullable String holder;
  private @Nullable String page;
  private Instant until = Instant.MIN;
  private boolean answering;
  private int unsure;

  OpenItem(QueuedItem item) {
    this(item, -1);
  }

  /**
   * An item that was answered before.
   *
   * @param withdrawnAt offset of the withdrawal on {@code corrections}
   */
  OpenItem(QueuedItem item, long withdrawnAt) {
    this.item = item;
    this.withdrawnAt = withdrawnAt;
  }

  QueuedItem item() {
    return item;
  }

  RecordId id() {
    return item.id();
  }

  /** Whether its answer is on its way to {@code corrections}. */
  boolean isAnswering() {
    return answering;
  }

  void answering(boolean now) {
    answering = now;
  }

  /** Whether a correction at this offset is newer than what was withdrawn. */
  boolean isAnsweredAt(long offset) {
    return offset > withdrawnAt;
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

  boolean isOn(String page) {
    return page.equals(this.page);
  }

  void leaseTo(String labeller, String page, Instant until) {
    this.holder = labeller;
    this.page = page;
    this.until = until;
  }

  void renew(Instant until) {
    this.until = until;
  }

  /** Its holder does not say. */
  void passed(String labeller) {
    passedBy.add(labeller);
    holder = null;
    page = null;
    until = Instant.MIN;
  }

  /** Others are asked last; changes its place in {@link #ORDER}. */
  void tooHard() {
    unsure++;
  }

  private boolean isAudit() {
    return item.review().reason() == ReviewReason.AUDIT;
  }
}

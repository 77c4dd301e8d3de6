package io.afina.labelling.queue;

import static io.afina.labelling.queue.ReviewQueueTest.id;
import static io.afina.labelling.queue.ReviewQueueTest.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.ReviewItem.ReviewReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue after somebody took something back. */
class TakenBackTest {

  private static final Duration LEASE = Duration.ofMinutes(2);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ReviewQueue queue =
      new ReviewQueue(5, Assignments.of(1), 3, LEASE, UnaryOperator.identity(), () -> now);

  @BeforeEach
  void openPartition() {
    queue.open(0);
  }

  @Test
  void shouldGiveBackWhatSomebodySkippedOrWasNotSureOfAndAsksForAgain() {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    offer(1, ReviewReason.AUDIT, 1);
    take("mia", 2);
    QueuedItem skipped = queue.pass(id(0), "mia", false).get();
    QueuedItem unsure = queue.pass(id(1), "mia", true).get();
    take("ben", 1);

    // when
    boolean anothers = queue.passNoMore(skipped, "mia", "page", false);
    boolean back = queue.passNoMore(unsure, "mia", "page", true);

    // then
    assertThat(anothers).isFalse();
    assertThat(back).isTrue();
    assertThat(take("mia", 2)).containsExactly(1L);
    now = now.plus(LEASE);
    assertThat(take("mia", 2)).as("in the order of before").containsExactly(0L, 1L);
  }

  @Test
  void shouldAskOneLabellerAgainAlthoughOthersSaidEnoughAndNobodyElse() {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    take("mia", 1);
    QueuedItem item = answer(0);
    queue.corrected("image-0", "ben", 4);

    // when
    queue.restore(item, "mia", "page", Set.of("ben"), 5);

    // then
    assertThat(take("eva", 1)).isEmpty();
    assertThat(queue.committable(0, 1)).isEqualTo(0);
    assertThat(queue.pass(id(0), "mia", false)).isPresent();
    assertThat(queue.size().open()).isZero();
    assertThat(queue.committable(0, 1)).isEqualTo(1);

    // when: or who does not say anything
    queue.restore(item, "mia", "page", Set.of("ben"), 5);
    now = now.plus(LEASE);

    // then
    assertThat(take("eva", 1)).isEmpty();
    assertThat(queue.size().open()).isZero();
  }

  private QueuedItem answer(long offset) {
    Claim claim = queue.claim(id(offset), "mia");
    assertThat(claim).isInstanceOf(Claim.Granted.class);
    QueuedItem item = ((Claim.Granted) claim).item();
    queue.answered(item, "mia", 3);
    return item;
  }

  private void offer(long offset, ReviewReason reason, int percent) {
    queue.offer(item(offset, "image-" + offset, reason, percent), Set.of());
  }

  private List<Long> take(String labeller, int count) {
    return queue.lease(labeller, "page", count, Set.of()).items().stream()
        .map(item -> item.id().offset())
        .toList();
  }
}

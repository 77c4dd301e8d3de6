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
import org.junit.jupiter.api.Test;

/** The queue where several labellers must agree. */
class SeveralLabellersTest {

  private static final Duration LEASE = Duration.ofMinutes(2);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void shouldAskAsManyAsMustAgreeAndNobodyTwice() {
    // given
    ReviewQueue two =
        new ReviewQueue(5, Assignments.of(2), 3, LEASE, UnaryOperator.identity(), () -> now);
    two.open(0);
    QueuedItem item = item(0, "a", ReviewReason.AUDIT, 1);
    two.offer(item, Set.of());

    // when: two are asked at once, and no third
    assertThat(lease(two, "mia")).containsExactly(item);
    assertThat(lease(two, "ben")).containsExactly(item);
    assertThat(lease(two, "eva")).isEmpty();
    assertThat(two.claim(id(0), "eva")).isInstanceOf(Claim.Taken.class);
    answer(two, item, "mia", 3);

    // then
    assertThat(two.claim(id(0), "mia")).isInstanceOf(Claim.Answered.class);
    now = now.plus(LEASE);
    assertThat(lease(two, "mia")).isEmpty();
    assertThat(lease(two, "eva")).containsExactly(item);

    // when: another program corrects by the same labeller, which is nobody else
    two.corrected("a", "mia", 4);
    assertThat(two.size().open()).isEqualTo(1);
    answer(two, item, "eva", 5);

    // then
    assertThat(two.size().open()).isZero();
    assertThat(two.claim(id(0), "ben")).isInstanceOf(Claim.Gone.class);
  }

  @Test
  void shouldAskAgainWhoeverAnsweredBeforeAllWasWithdrawn() {
    // given
    ReviewQueue two =
        new ReviewQueue(5, Assignments.of(2), 3, LEASE, UnaryOperator.identity(), () -> now);
    two.open(0);
    QueuedItem item = item(0, "a", ReviewReason.AUDIT, 1);
    two.offer(item, Set.of("mia"));
    assertThat(lease(two, "mia")).isEmpty();

    // when
    two.withdrawn("a", 7);

    // then
    assertThat(lease(two, "mia")).containsExactly(item);
    answer(two, item, "mia", 8);
    two.withdrawn("a", 7);
    assertThat(two.claim(id(0), "mia")).isInstanceOf(Claim.Answered.class);
  }

  @Test
  void shouldAskAgainWhoTookTheOwnWordBackAlone() {
    // given
    ReviewQueue three =
        new ReviewQueue(5, Assignments.of(3), 3, LEASE, UnaryOperator.identity(), () -> now);
    three.open(0);
    QueuedItem item = item(0, "a", ReviewReason.AUDIT, 1);
    three.offer(item, Set.of("mia", "ben"));

    // when
    three.withdrawn("a", "mia", 7);
    three.corrected("a", "mia", 6);

    // then
    assertThat(lease(three, "mia")).containsExactly(item);
    assertThat(lease(three, "ben")).isEmpty();
  }

  private static List<QueuedItem> lease(ReviewQueue queue, String labeller) {
    return queue.lease(labeller, "page", 5, Set.of()).items();
  }

  private static void answer(ReviewQueue queue, QueuedItem item, String labeller, long offset) {
    assertThat(queue.claim(item.id(), labeller)).isInstanceOf(Claim.Granted.class);
    queue.answered(item, labeller, offset);
  }
}

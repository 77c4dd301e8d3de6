package io.afina.labelling.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Prediction.Position;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.http.Asked;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReviewQueueTest {

  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration SOON = Duration.ofSeconds(5);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ReviewQueue queue =
      new ReviewQueue(5, 1, 3, LEASE, UnaryOperator.identity(), () -> now);

  @BeforeEach
  void openPartition() {
    queue.open(0);
  }

  @Test
  void shouldLeaseAPictureToOneLabellerAtATime() {
    offer(0, ReviewReason.UNCERTAIN, 10);
    assertThat(take("mia", 1)).containsExactly(0L);
    assertThat(take("ben", 1)).isEmpty();
  }

  @Test
  void shouldGiveAPictureBackWhenItsLeaseIsOver() {
    // given
    offer(0, ReviewReason.UNCERTAIN, 10);
    take("mia", 1);

    // when
    now = now.plus(LEASE);

    // then
    assertThat(take("ben", 1)).containsExactly(0L);
    assertThat(queue.claim(id(0), "mia")).isInstanceOf(Claim.Taken.class);
  }

  @Test
  void shouldTakeALateAnswerIfNobodyElseHasThePicture() {
    // given
    offer(0, ReviewReason.UNCERTAIN, 10);
    take("mia", 1);

    // when
    now = now.plus(LEASE).plus(LEASE);

    // then
    assertThat(queue.claim(id(0), "mia")).isInstanceOf(Claim.Granted.class);
  }

  @Test
  void shouldAskDrawnOnesFirstAndThenThoseThatALabelIsWorthMostFor() {
    offer(0, ReviewReason.UNCERTAIN, 10);
    offer(1, ReviewReason.NOVEL, 90);
    offer(2, ReviewReason.AUDIT, 1);
    offer(3, ReviewReason.AUDIT, 99);
    assertThat(take("mia", 3)).containsExactly(2L, 3L, 1L);
  }

  @Test
  void shouldLetALabellerHoldOnlySoMany() {
    for (int i = 0; i < 5; i++) {
      offer(i, ReviewReason.AUDIT, 1);
    }
    assertThat(take("mia", 9)).hasSize(3);
    assertThat(queue.lease("mia", "other", 9, Set.of()).items()).isEmpty();
    assertThat(take("ben", 9)).hasSize(2);
    assertThat(queue.size()).isEqualTo(new ReviewQueue.Size(5, 5));
  }

  @Test
  void shouldGiveAReloadedPageItsPicturesAgainAndKeepTheLeasesOfThoseItHas() {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    offer(1, ReviewReason.AUDIT, 1);
    take("mia", 2);
    now = now.plus(LEASE.dividedBy(2));

    // when
    List<Long> again =
        queue.lease("mia", "page", 2, Set.of(id(1))).items().stream()
            .map(i -> i.id().offset())
            .toList();
    now = now.plus(LEASE.dividedBy(2));

    // then
    assertThat(again).containsExactly(0L);
    assertThat(take("ben", 2)).isEmpty();
  }

  @Test
  void shouldNotHandOutAPictureWhoseAnswerIsUnderWay() {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    take("mia", 1);

    // when
    queue.claim(id(0), "mia");

    // then
    assertThat(take("mia", 1)).isEmpty();
    assertThat(queue.claim(id(0), "mia")).isInstanceOf(Claim.Taken.class);
  }

  @Test
  void shouldKeepAPictureOpenWhoseAnswerDidNotArrive() {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    take("mia", 1);
    Claim.Granted granted = (Claim.Granted) queue.claim(id(0), "mia");

    // when
    queue.failed(granted.item(), "mia");

    // then
    assertThat(queue.claim(id(0), "mia")).isInstanceOf(Claim.Granted.class);
  }

  @Test
  void shouldAskOthersWhatSomebodySkippedAndLastWhatSomebodyWasNotSureOf() {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    offer(1, ReviewReason.UNCERTAIN, 1);
    take("mia", 2);

    // when
    boolean skipped = queue.pass(id(1), "mia", false);
    boolean unsure = queue.pass(id(0), "mia", true);

    // then
    assertThat(skipped && unsure).isTrue();
    assertThat(queue.pass(id(0), "mia", false)).isFalse();
    assertThat(take("mia", 2)).isEmpty();
    assertThat(take("ben", 2)).containsExactly(1L, 0L);
  }

  @Test
  void shouldCommitNoFurtherThanTheOldestOpenItem() {
    // given
    offer(3, ReviewReason.AUDIT, 1);
    offer(7, ReviewReason.AUDIT, 1);
    assertThat(queue.committable(0, 9)).isEqualTo(3);

    // when
    answer(3);

    // then
    assertThat(queue.committable(0, 9)).isEqualTo(7);
    answer(7);
    assertThat(queue.committable(0, 9)).isEqualTo(9);
    assertThat(queue.committable(4, 2)).isEqualTo(2);
  }

  @Test
  void shouldSayWhenItIsFull() {
    for (int i = 0; i < 5; i++) {
      assertThat(queue.isFull()).isFalse();
      offer(i, ReviewReason.AUDIT, 1);
    }
    assertThat(queue.isFull()).isTrue();
  }

  @Test
  void shouldAskOnceAboutAnImageThatWasSentAgain() {
    // given
    queue.offer(item(0, "same", ReviewReason.AUDIT, 1), Set.of());

    // when
    queue.offer(item(1, "same", ReviewReason.AUDIT, 1), Set.of());

    // then
    assertThat(take("mia", 3)).containsExactly(1L);
    assertThat(queue.committable(0, 2)).isEqualTo(1);
  }

  @Test
  void shouldAskAgainWhenAnAnswerIsWithdrawnWhateverComesLateOfTheAnswer() {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    take("mia", 1);
    QueuedItem item = answer(0);

    // when
    boolean back = queue.restore(item, "mia", "page", 12);
    queue.corrected("image-0", "mia", 11);

    // then
    assertThat(back).isTrue();
    assertThat(queue.claim(id(0), "mia")).isInstanceOf(Claim.Granted.class);
    queue.failed(item, "mia");
    queue.corrected("image-0", "mia", 13);
    assertThat(queue.claim(id(0), "mia")).isInstanceOf(Claim.Gone.class);
  }

  @Test
  void shouldWaitForAnswersUnderWayBeforeItLetsAPartitionGo() throws Exception {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    take("mia", 1);
    Claim.Granted granted = (Claim.Granted) queue.claim(id(0), "mia");

    // when
    CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> queue.close(0, SOON));
    TimeUnit.MILLISECONDS.sleep(100);
    boolean early = closed.isDone();
    queue.answered(granted.item(), "mia", 3);

    // then
    assertThat(early).isFalse();
    assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(queue.claim(id(0), "mia")).isInstanceOf(Claim.Gone.class);
    assertThat(queue.restore(granted.item(), "mia", "page", 1)).isFalse();
    assertThat(queue.size().open()).isZero();
  }

  @Test
  void shouldGiveAPageBackWhatItsLeaseRanOutForUnlessItIsAnothers() {
    // given
    offer(0, ReviewReason.AUDIT, 1);
    offer(1, ReviewReason.AUDIT, 1);
    take("mia", 2);
    now = now.plus(LEASE);
    assertThat(take("ben", 1)).containsExactly(0L);

    // when
    Leased leased = queue.lease("mia", "page", 0, Set.of(id(0), id(1)));

    // then
    assertThat(leased.items()).isEmpty();
    assertThat(leased.lost()).containsExactly(id(0));
    assertThat(leased.others()).isEqualTo(1);
    assertThat(take("ben", 2)).containsExactly(0L);
  }

  private QueuedItem answer(long offset) {
    queue.claim(id(offset), "mia");
    Claim claim = queue.claim(id(offset), "mia");
    assertThat(claim).isInstanceOf(Claim.Taken.class);
    QueuedItem item =
        queue.first(5).stream().filter(i -> i.id().offset() == offset).findFirst().get();
    queue.answered(item, "mia", 3);
    return item;
  }

  private void offer(long offset, ReviewReason reason, int percent) {
    queue.offer(item(offset, "image-" + offset, reason, percent), Set.of());
  }

  static QueuedItem item(long offset, String image, ReviewReason reason, int percent) {
    return new QueuedItem(
        id(offset),
        image,
        Asked.item(new Position(0, 1, 2), reason, percent),
        offset,
        SpanContext.getInvalid());
  }

  private List<Long> take(String labeller, int count) {
    return queue.lease(labeller, "page", count, Set.of()).items().stream()
        .map(item -> item.id().offset())
        .toList();
  }

  static RecordId id(long offset) {
    return new RecordId(0, offset);
  }
}

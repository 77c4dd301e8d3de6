package io.afina.labelling.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcquisitionTest {

  private final ReviewQueue queue =
      new ReviewQueue(
          99,
          Assignments.of(1),
          9,
          Duration.ofMinutes(2),
          UnaryOperator.identity(),
          () -> Instant.EPOCH);

  @BeforeEach
  void openPartition() {
    queue.open(0);
    offer(0, ReviewReason.NO_MODEL, 0, 0, 1);
    offer(1, ReviewReason.NO_MODEL, 1, 0.01f, 0);
    offer(2, ReviewReason.NO_MODEL, 1, 0, 0);
    offer(3, ReviewReason.NO_MODEL, 1, -0.01f, 0);
    offer(4, ReviewReason.NO_MODEL, 0, 1, 0);
    offer(5, ReviewReason.NO_MODEL, 0, 1, 0.01f);
  }

  @Test
  void shouldHandOutTypicalPicturesOfEachKindAndOutliersAfterThem() {
    List<Long> taken = take("mia", 3);
    assertThat(taken.get(0)).isBetween(1L, 3L);
    assertThat(taken.get(1)).isBetween(4L, 5L);
    assertThat(taken.get(2)).isZero();
  }

  @Test
  void shouldNotHandOutWhatIsLikeAPictureThatSomebodyHasOrAnswered() {
    // given
    long first = take("mia", 1).get(0);

    // then
    assertThat(take("ben", 1).get(0)).isBetween(4L, 5L);

    // when
    Claim claim = queue.claim(ReviewQueueTest.id(first), "mia");
    queue.answered(((Claim.Granted) claim).item(), "mia", 7);

    // then
    assertThat(take("eva", 1)).containsExactly(0L);
  }

  @Test
  void shouldHandOutWhatIsInNoPlanYetInItsOrder() {
    // given
    new AcquisitionPlanner(queue).plan();

    // when
    offer(6, ReviewReason.NO_MODEL, 0, 0, -1);

    // then
    List<Long> taken =
        queue.lease("mia", "page", 7, Set.of()).items().stream()
            .map(item -> item.id().offset())
            .toList();
    assertThat(taken).hasSize(7).endsWith(6L);
  }

  @Test
  void shouldPassOverWhatIsNoNumber() {
    offer(6, ReviewReason.NO_MODEL, Float.NaN, 0, 0);
    assertThat(take("mia", 7)).hasSize(7).endsWith(6L);
  }

  @Test
  void shouldHandOutDrawnPicturesFirst() {
    offer(6, ReviewReason.AUDIT, 1, 0, 0);
    assertThat(take("mia", 1)).containsExactly(6L);
  }

  @Test
  void shouldHandOutWhatHasNoEmbeddingOrAnotherBackbonesAfterTheOthers() {
    // given
    queue.offer(ReviewQueueTest.item(7, "image-7", ReviewReason.NO_MODEL, 1), Set.of());
    offer(8, ReviewReason.NO_MODEL, 1, 0, 0, 0, 0, 0);

    // then
    assertThat(take("mia", 8)).hasSize(8).endsWith(7L, 8L);
  }

  private void offer(long offset, ReviewReason reason, float... embedding) {
    ReviewItem like = ReviewQueueTest.item(offset, "image", reason, 1).review();
    ReviewItem item = ReviewItem.of(like.prediction(), reason, like.uncertainty(), embedding);
    queue.offer(
        new QueuedItem(
            ReviewQueueTest.id(offset), "image-" + offset, item, offset, SpanContext.getInvalid()),
        Set.of());
  }

  private List<Long> take(String labeller, int count) {
    new AcquisitionPlanner(queue).plan();
    return queue.lease(labeller, "page", count, Set.of()).items().stream()
        .map(item -> item.id().offset())
        .toList();
  }
}

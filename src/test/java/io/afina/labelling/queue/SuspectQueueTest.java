package io.afina.labelling.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.suspect.Suspects.Place;
import io.afina.suspect.Suspects.Suspect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SuspectQueueTest {

  private static final long FIRST = 1_000_000;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ReviewQueue queue =
      new ReviewQueue(
          9,
          new Assignments(2, 0, List.of()),
          3,
          Duration.ofMinutes(2),
          UnaryOperator.identity(),
          () -> now);

  @BeforeEach
  void openPartition() {
    queue.open(0);
  }

  @Test
  void shouldAskSomebodyElseThanWhoSaidIt() {
    queue.suspect(List.of(suspect(1, "x")));
    assertThat(take("ben")).containsExactly("x");
    assertThat(take("mia")).isEmpty();
  }

  @Test
  void shouldAskWhoSaidItWhereNobodyElseIs() {
    // given
    queue.suspect(List.of(suspect(1, "x"), suspect(2, "y")));
    assertThat(take("ben")).hasSize(2);
    assertThat(take("mia")).isEmpty();

    // when
    now = now.plus(Duration.ofDays(2));

    // then
    assertThat(take("mia")).hasSize(2);
  }

  @Test
  void shouldNotAskWhoSaidItInTheSameSitting() {
    // given
    Instant said = now;
    queue.suspect(List.of(suspect(1, "x", said)));
    assertThat(take("mia")).isEmpty();

    // when
    now = now.plus(Duration.ofHours(1));

    // then
    assertThat(take("mia")).containsExactly("x");
  }

  @Test
  void shouldAskOneOnlyAndNoMoreOnceTheLabelWasSaidAgain() {
    queue.suspect(List.of(suspect(1, "x")));
    queue.corrected("x", "mia", 7);
    assertThat(take("ben")).isEmpty();
    assertThat(queue.size().open()).isZero();
  }

  @Test
  void shouldForgetWhatDoesNotLookWrongAnyMoreUnlessSomebodyHasIt() {
    // given
    queue.suspect(List.of(suspect(1, "x"), suspect(2, "y")));
    queue.lease("ben", "page", 1, Set.of());

    // when
    queue.suspect(List.of(suspect(3, "z")));

    // then
    assertThat(queue.first(9)).extracting(QueuedItem::image).containsExactlyInAnyOrder("x", "z");
  }

  @Test
  void shouldAskAboutAnImageOnce() {
    queue.offer(ReviewQueueTest.item(5, "x", ReviewReason.UNCERTAIN, 50), Set.of());
    queue.suspect(List.of(suspect(1, "x")));
    assertThat(queue.first(9))
        .extracting(item -> item.review().reason())
        .containsExactly(ReviewReason.UNCERTAIN);
  }

  @Test
  void shouldNotKeepReviewFromBeingCommitted() {
    queue.suspect(List.of(suspect(1, "x")));
    assertThat(queue.committable(0, 42)).isEqualTo(42);
  }

  private List<String> take(String labeller) {
    return queue.lease(labeller, "page", 9, Set.of()).items().stream()
        .map(QueuedItem::image)
        .toList();
  }

  private static QueuedItem suspect(long offset, String image) {
    return suspect(offset, image, Instant.EPOCH);
  }

  private static QueuedItem suspect(long offset, String image, Instant said) {
    QueuedItem item = ReviewQueueTest.item(0, image, ReviewReason.SUSPECT, 90);
    return new QueuedItem(
        new RecordId(0, FIRST + offset),
        image,
        item.review(),
        offset,
        item.trace(),
        new Suspect(
            image,
            0,
            offset,
            "ant",
            List.of("mia"),
            said,
            0.9,
            List.of(),
            new Place(0, 1),
            List.of()));
  }
}

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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GridLeasingTest {

  private static final Duration LEASE = Duration.ofMinutes(2);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ReviewQueue queue =
      new ReviewQueue(100, Assignments.of(1), 3, LEASE, UnaryOperator.identity(), () -> now);
  private final GridLeasing leasing = new GridLeasing(queue);

  @BeforeEach
  void openPartition() {
    queue.open(0);
  }

  private void ask(int count) {
    for (int i = 0; i < count; i++) {
      queue.offer(
          new QueuedItem(
              new RecordId(0, i),
              "image " + i,
              Asked.item(new Position(0, i, i), ReviewReason.AUDIT, i),
              i,
              SpanContext.getInvalid()),
          Set.of());
    }
  }

  private List<QueuedItem> all(String labeller, String page) {
    return leasing.lease(labeller, page, leasing.free(labeller, page));
  }

  @Test
  void shouldGiveNobodyWhatIsOnAGrid() {
    ask(3);
    assertThat(all("mia", "grid")).hasSize(3);
    assertThat(leasing.free("ben", "grid")).isEmpty();
    assertThat(queue.lease("ben", "page", 3, Set.of()).items()).isEmpty();
    assertThat(leasing.free("mia", "other")).isEmpty();
  }

  @Test
  void shouldKeepWhatThePageHasAndGiveTheRestBack() {
    // given
    ask(3);
    List<QueuedItem> had = all("mia", "grid");

    // when
    List<QueuedItem> kept = leasing.lease("mia", "grid", had.subList(0, 1));

    // then
    assertThat(kept).isEqualTo(had.subList(0, 1));
    assertThat(leasing.free("ben", "grid")).isEqualTo(had.subList(1, 3));
  }

  @Test
  void shouldLeaveAloneWhatAnotherPageOfTheLabellerHas() {
    ask(3);
    List<QueuedItem> single = queue.lease("mia", "page", 1, Set.of()).items();
    assertThat(all("mia", "grid")).hasSize(2).doesNotContainAnyElementsOf(single);
    assertThat(queue.claim(single.get(0).id(), "mia")).isInstanceOf(Claim.Granted.class);
  }

  @Test
  void shouldLeaseNoMoreThanAGridBesideThoseThatAreShownOneByOne() {
    ask(60);
    List<QueuedItem> grid = all("mia", "one");
    assertThat(grid).hasSize(GridLeasing.MOST);
    assertThat(all("mia", "two")).isEmpty();
    assertThat(queue.lease("mia", "page", 8, ids(grid)).items()).hasSize(3);
    assertThat(queue.lease("mia", "one", 0, ids(grid)).lost()).isEmpty();
    assertThat(queue.lease("mia", "page", 8, Set.of()).items()).hasSize(3);
    now = now.plus(LEASE);
    assertThat(all("mia", "two")).hasSize(GridLeasing.MOST);
  }

  @Test
  void shouldLeaseTheNextGridOnceThisOneIsAnswered() {
    // given
    ask(60);
    List<QueuedItem> first = all("mia", "grid");

    // when
    for (QueuedItem item : first.subList(0, 20)) {
      assertThat(queue.claim(item.id(), "mia")).isInstanceOf(Claim.Granted.class);
      queue.answered(item, "mia", item.id().offset());
    }

    // then
    List<QueuedItem> left = leasing.free("mia", "grid");
    assertThat(left).hasSize(40).containsAll(first.subList(20, 24));
    assertThat(leasing.lease("mia", "grid", left.subList(4, 40))).hasSize(GridLeasing.MOST);
  }

  private static Set<RecordId> ids(List<QueuedItem> items) {
    return Set.copyOf(items.stream().map(QueuedItem::id).toList());
  }

  @Test
  void shouldFindTheOpenItemOfAnImage() {
    ask(2);
    assertThat(leasing.find("image 1").orElseThrow().id()).isEqualTo(new RecordId(0, 1));
    assertThat(leasing.find("image 2")).isEmpty();
  }
}

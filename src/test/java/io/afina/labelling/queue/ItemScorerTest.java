package io.afina.labelling.queue;

import static io.afina.labelling.queue.ReviewQueueTest.id;
import static io.afina.labelling.queue.ReviewQueueTest.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.label.LabelEdits;
import io.afina.label.LabelTable;
import io.afina.labelling.http.Asked;
import io.afina.model.Heads;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ItemScorerTest {

  @Test
  void shouldScoreWhatIsOpenByTheChampionOfNowAndAskInTheNewOrder() {
    // given: of two labels, the second is as likely as the first for one and not for the other
    ItemScorer scorer = new ItemScorer();
    ReviewQueue scored =
        new ReviewQueue(
            5, Assignments.of(1), 3, Duration.ofMinutes(2), scorer::score, InstantSource.system());
    scored.open(0);
    scored.offer(embedded(0, 4, 0), Set.of());
    scored.offer(embedded(1, 1, 1), Set.of());
    scored.offer(item(2, "without", ReviewReason.UNCERTAIN, 99), Set.of());

    // when
    scorer.champion(Heads.identity(7, "bee", "cow"));
    scored.rescore();

    // then
    assertThat(scored.first(5)).extracting(open -> open.id().offset()).containsExactly(1L, 2L, 0L);
    Prediction first = scored.first(3).get(2).review().prediction();
    assertThat(first.label()).isEqualTo("bee");
    assertThat(first.head()).isEqualTo(7);
    assertThat(scored.first(3).get(1).review().prediction().top())
        .as("what is left of ant and bee")
        .extracting(Prediction.Score::label)
        .containsExactly("bee");
    assertThat(scored.lease("mia", "page", 1, Set.of()).items())
        .extracting(QueuedItem::id)
        .containsExactly(id(1));
  }

  @Test
  void shouldGuessByTheLabelsOfNowAndAsBeforeOnceThatIsTakenBack() {
    // given
    ItemScorer scorer = new ItemScorer();
    ReviewQueue scored =
        new ReviewQueue(
            5, Assignments.of(1), 3, Duration.ofMinutes(2), scorer::score, InstantSource.system());
    scored.open(0);
    scorer.champion(Heads.identity(7, "bee", "cow"));
    scored.offer(embedded(0, 1, 1), Set.of());
    scored.offer(item(2, "without", ReviewReason.UNCERTAIN, 99), Set.of());
    LabelEdits edits = new LabelEdits("mia", Instant.EPOCH, "for a test");
    LabelTable declared =
        LabelTable.EMPTY.with(edits.declare(LabelTable.EMPTY, List.of("ant", "bee", "cow")));

    // when
    scorer.called(declared.with(edits.merge(declared, List.of("cow", "ant"), "bee")));
    scored.rescore();

    // then
    assertThat(scored.first(5))
        .allSatisfy(
            open ->
                assertThat(open.review().prediction().top())
                    .extracting(Prediction.Score::label)
                    .containsExactly("bee"));

    // when
    scorer.called(declared);
    scored.rescore();

    // then
    assertThat(scored.first(5))
        .filteredOn(open -> open.id().offset() == 0)
        .singleElement()
        .satisfies(open -> assertThat(open.review().prediction().top()).hasSize(2));
  }

  private static QueuedItem embedded(long offset, float... embedding) {
    Prediction before = Asked.item(new Position(0, 1, 2), ReviewReason.NO_MODEL, 1).prediction();
    return new QueuedItem(
        id(offset),
        "image-" + offset,
        ReviewItem.of(before, ReviewReason.NO_MODEL, 1, embedding),
        offset,
        SpanContext.getInvalid());
  }
}

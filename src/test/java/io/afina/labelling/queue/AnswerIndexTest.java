package io.afina.labelling.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afina.event.Correction;
import io.afina.event.Prediction.Decision;
import io.afina.event.Prediction.Position;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.label.LabelEdits;
import io.afina.label.LabelTable;
import io.afina.labelling.feed.LearningTimes;
import io.afina.labelling.http.Asked;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.model.WilsonInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerIndexTest {

  private Instant now = Instant.parse("2026-01-01T12:00:00Z");
  private final AnswerIndex answers = new AnswerIndex(3, () -> now, ZoneOffset.UTC);

  @Test
  void shouldMeasureByDrawnPicturesOnceThereAreAny() {
    // given: the head says ant
    ask("a", ReviewReason.UNCERTAIN);
    ask("b", ReviewReason.UNCERTAIN);
    say("a", "bee");
    say("b", "ant");

    // then
    assertThat(answers.accuracy().audit()).isFalse();
    assertThat(answers.accuracy().share().right()).isEqualTo(1);
    assertThat(answers.accuracy().share().total()).isEqualTo(2);

    // when
    say("c", "ant");
    ask("c", ReviewReason.AUDIT);

    // then
    assertThat(answers.accuracy().audit()).isTrue();
    assertThat(answers.accuracy().share().total()).isEqualTo(1);
    assertThat(answers.accuracyByHead()).containsOnlyKeys(1L);
  }

  @Test
  void shouldCountByTheLabelsOfNowWhateverWasSaidAndPredictedThen() {
    // given: the head says ant
    ask("a", ReviewReason.AUDIT);
    say("a", "Emmet");
    ask("b", ReviewReason.AUDIT);
    answers.corrected("b", new Correction("emmet", "ben", null, null), now.toEpochMilli());
    say("b", "ANT ");
    LabelEdits edits = new LabelEdits("mia", Instant.EPOCH, "for a test");
    LabelTable declared =
        LabelTable.EMPTY.with(edits.declare(LabelTable.EMPTY, List.of("ant", "emmet")));
    assertThat(answers.disputed("eva")).hasSize(1);
    assertThat(answers.accuracy().share()).isEqualTo(WilsonInterval.of(1, 2));

    // when
    LabelTable merged = declared.with(edits.merge(declared, List.of("emmet"), "ant"));
    answers.called(merged.with(edits.rename(merged, "ant", "Black ant")));

    // then
    assertThat(answers.accuracy().share()).isEqualTo(WilsonInterval.of(2, 2));
    assertThat(answers.auditedByLabel()).containsOnlyKeys("Black ant");
    assertThat(answers.disputed("eva")).isEmpty();
    assertThat(answers.labellers())
        .allSatisfy(count -> assertThat(count.agreeing()).isEqualTo(count.compared()));
    assertThat(answers.labels()).containsExactly("Black ant");
    assertThat(answers.labelled(1)).containsOnlyKeys("ant");
    assertThat(answers.labelled(1).values())
        .allSatisfy(ants -> assertThat(ants.count()).isEqualTo(2))
        .allSatisfy(ants -> assertThat(ants.shown()).containsOnlyKeys("b"));

    // when
    answers.called(declared);

    // then
    assertThat(answers.disputed("eva")).hasSize(1);
    assertThat(answers.accuracy().share()).isEqualTo(WilsonInterval.of(1, 2));
  }

  @Test
  void shouldTellTheLabelsApartByDrawnPicturesAlone() {
    // given: the head says ant
    ask("a", ReviewReason.AUDIT);
    say("a", "ant");
    ask("b", ReviewReason.AUDIT);
    say("b", "bee");
    ask("c", ReviewReason.UNCERTAIN);
    say("c", "wasp");

    // then
    assertThat(answers.auditedByLabel()).containsOnlyKeys("ant", "bee");
    assertThat(answers.auditedByLabel().get("ant")).isEqualTo(WilsonInterval.of(1, 1));
    assertThat(answers.auditedByLabel().get("bee")).isEqualTo(WilsonInterval.of(0, 1));

    // when
    say("b", "ant");

    // then
    assertThat(answers.auditedByLabel()).containsOnlyKeys("ant");
    assertThat(answers.auditedByLabel().get("ant")).isEqualTo(WilsonInterval.of(2, 2));
  }

  @Test
  void shouldForgetWhatWasWithdrawn() {
    // given
    ask("a", ReviewReason.AUDIT);
    say("a", "ant");

    // when
    answers.withdrawn("a");

    // then
    assertThat(answers.answers("a")).isEmpty();
    assertThat(answers.accuracy().share().total()).isZero();
    assertThat(answers.today()).isZero();
  }

  @Test
  void shouldKeepAnAnswerOfWhichTheNameGoes() {
    // given: the head says ant
    ask("a", ReviewReason.AUDIT);
    answers.corrected("a", new Correction("ant", "ben", null, null), now.toEpochMilli());
    say("a", "bee");

    // when
    answers.unnamed("a", "ben");
    answers.unnamed("a", "eva");

    // then
    assertThat(answers.labellers("a")).containsExactlyInAnyOrder("", "mia");
    assertThat(answers.answers("a").orElseThrow().last().label()).isEqualTo("bee");
    assertThat(answers.today("ben")).isZero();
    assertThat(answers.today()).isEqualTo(1);
    assertThat(answers.by("ben", any -> true)).isEmpty();
  }

  @Test
  void shouldKeepWhatOthersSaidWhenOneWithdraws() {
    // given: the head says ant
    ask("a", ReviewReason.AUDIT);
    answers.corrected("a", new Correction("ant", "ben", null, null), now.toEpochMilli());
    say("a", "bee");
    assertThat(answers.accuracy().share().right()).isZero();
    assertThat(answers.today("ben")).isEqualTo(1);

    // when
    answers.withdrawn("a", "mia");
    answers.withdrawn("a", "eva");

    // then
    assertThat(answers.labellers("a")).containsExactly("ben");
    assertThat(answers.accuracy().share().right()).isEqualTo(1);
    assertThat(answers.today()).isEqualTo(1);
    assertThat(answers.today("mia")).isZero();

    // when
    answers.withdrawn("a", "ben");

    // then
    assertThat(answers.answers("a")).isEmpty();
    assertThat(answers.accuracy().share().total()).isZero();
    assertThat(answers.today()).isZero();
  }

  @Test
  void shouldCountEachImageOnceADayAndBeginAnewAtMidnight() {
    // given
    answers.corrected(
        "old",
        new Correction("ant", "mia", null, null),
        now.minus(Duration.ofDays(1)).toEpochMilli());
    say("a", "ant");
    say("a", "bee");
    say("b", "ant");

    // then
    assertThat(answers.today()).isEqualTo(2);
    assertThat(answers.today("mia")).isEqualTo(2);
    assertThat(answers.today("ben")).isZero();

    // when
    now = now.plus(Duration.ofHours(12));

    // then
    assertThat(answers.today()).isZero();
    assertThat(answers.labels()).containsExactlyInAnyOrder("ant", "bee");
  }

  @Test
  void shouldRememberOnlySoManyAnswers() {
    for (String image : new String[] {"a", "b", "c", "d"}) {
      say(image, "ant");
    }
    assertThat(answers.answers("a")).isEmpty();
    assertThat(answers.labellers("d")).containsExactly("mia");
  }

  @Test
  void shouldGiveWilsonsInterval() {
    // The example of Newcombe, "Two-sided confidence intervals for the single proportion" (1998).
    WilsonInterval wilson = WilsonInterval.of(81, 263);
    assertThat(wilson.low()).isCloseTo(0.2553, within(1e-4));
    assertThat(wilson.high()).isCloseTo(0.3662, within(1e-4));
    assertThat(WilsonInterval.of(0, 0)).isEqualTo(new WilsonInterval(0, 0, 0, 1));
    assertThat(WilsonInterval.of(20, 20).high()).isEqualTo(1);
  }

  @Test
  void shouldTimeALabelFromItsArrivalToTheHeadThatLearnedIt() {
    // given
    LearningTimes times = new LearningTimes();
    times.example(0, 8, 1000);
    times.example(0, 9, 2000);
    times.example(0, 10, 3000);
    HeadCard card = Heads.card(1, Heads.BACKBONE, 2, "ant", "bee");
    assertThat(card.training().offsets()).isEqualTo(Map.of(0, 10L));

    // when
    times.promoted(card, 5000);

    // then
    assertThat(times.median()).hasValue(4);
    assertThat(times.waiting()).isEqualTo(1);
  }

  @Test
  void shouldMeasureAcceptedPredictionsByDrawnPicturesAlone() {
    // given: the head says ant
    decide("a", ReviewReason.AUDIT, Decision.ACCEPT);
    decide("b", ReviewReason.AUDIT, Decision.DEFER);
    decide("c", ReviewReason.UNCERTAIN, Decision.ACCEPT);

    // when
    say("a", "ant");
    say("b", "bee");
    say("c", "bee");

    // then
    assertThat(answers.decided().precision()).isEqualTo(WilsonInterval.of(1, 1));
    assertThat(answers.decided().automation()).isEqualTo(WilsonInterval.of(1, 2));

    // when
    say("a", "bee");

    // then
    assertThat(answers.decided().precision()).isEqualTo(WilsonInterval.of(0, 1));
  }

  private void decide(String image, ReviewReason reason, Decision decision) {
    ReviewItem item = Asked.item(new Position(0, 1, 2), reason, 1);
    answers.asked(
        image, item.predicted(item.prediction().decided(decision, 0.5), item.uncertainty()));
  }

  private void ask(String image, ReviewReason reason) {
    answers.asked(image, Asked.item(new Position(0, 1, 2), reason, 1));
  }

  private void say(String image, String label) {
    answers.corrected(image, new Correction(label, "mia", null, null), now.toEpochMilli());
  }
}

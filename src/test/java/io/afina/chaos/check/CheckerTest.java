package io.afina.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.chaos.check.Finding.Kind;
import io.afina.chaos.check.History.Correction;
import io.afina.chaos.check.History.Word;
import io.afina.event.DeadLetter.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories written by hand: good ones pass, and each broken promise is found by its name. */
class CheckerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * Numbers below 100 are pictures of that number, those above it poison, and 1000 on corrections.
   */
  private final Checker checker =
      new Checker(
          number ->
              number >= 1000
                  ? new Expected.Joined()
                  : number >= 100
                      ? new Expected.SetAside(Reason.NOT_A_PICTURE)
                      : new Expected.Predicted((int) number),
          PATIENCE);

  private final HistoryBuilder history = new HistoryBuilder();

  @Test
  void shouldFindNothingWhereEverythingHasItsOutcome() {
    // given
    history.image("a", 1).image("b", 2).image("x", 100);
    history.predicted("a", 0).predicted("b", 1).letter("images", 2, "x", Reason.NOT_A_PICTURE);
    Correction said = history.said("a", 1000, "ant", "mia");
    history.taught("a", said.word(), 1);
    history.head(1).promoted(1);

    // then
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindAnImageWithoutAnOutcome() {
    history.image("a", 1);
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void shouldFindARecordThatTheBrokersTookAndLost() {
    history.acknowledged("images", 7);
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void shouldFindAnImageThatWasPredictedTwice() {
    history.image("a", 1).predicted("a", 0).predicted("a", 0);
    assertThat(found()).containsExactly(Kind.DOUBLED);
  }

  @Test
  void shouldFindARecordThatWasWrittenTwice() {
    history.image("a", 1).image("a", 1).predicted("a", 0).predicted("a", 1);
    assertThat(found()).containsExactly(Kind.DOUBLED);
  }

  @Test
  void shouldFindPredictionsOfOneKeyInTheOtherOrder() {
    history.image("a", 1).image("a", 2).predicted("a", 1).predicted("a", 0);
    assertThat(found()).containsExactly(Kind.OUT_OF_ORDER);
  }

  @Test
  void shouldLetPredictionsOfDifferentKeysBeInAnyOrder() {
    history.image("a", 1).image("b", 2).predicted("b", 1).predicted("a", 0);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindAPredictionOfNothing() {
    history.predicted("a", 0);
    assertThat(found()).containsExactly(Kind.INVENTED);
  }

  @Test
  void shouldFindAnImageThatWasAskedAboutTwiceAndAQuestionAboutNothing() {
    history.image("a", 1).predicted("a", 0).asked("a", 0);
    assertThat(found()).isEmpty();
    history.asked("a", 0).asked("a", 7);
    assertThat(found()).containsExactly(Kind.DOUBLED, Kind.INVENTED);
  }

  @Test
  void shouldFindADeadLetterThatIsNotTheRecord() {
    history.image("x", 100).letter("images", 0, "other bytes", Reason.NOT_A_PICTURE);
    assertThat(found()).containsExactly(Kind.ALTERED);
  }

  @Test
  void shouldFindADeadLetterForAnotherReason() {
    history.image("x", 100).letter("images", 0, "x", Reason.ENGINE_FAILURE);
    assertThat(found()).containsExactly(Kind.ALTERED);
  }

  @Test
  void shouldFindAGoodPictureThatWasSetAside() {
    history.image("a", 1).letter("images", 0, "a", Reason.BROKEN_PICTURE);
    assertThat(found()).containsExactly(Kind.ALTERED);
  }

  @Test
  void shouldFindAnExampleOfAnotherPicture() {
    history.image("a", 1).predicted("a", 0);
    Correction said = history.said("a", 1000, "ant", "mia");
    history.taught("a", said.word(), 2).head(1).promoted(1);
    assertThat(found()).containsExactly(Kind.WRONG_JOIN);
  }

  @Test
  void shouldFindAnExampleWithALabelThatNobodyGave() {
    history.image("a", 1).predicted("a", 0);
    Word word = history.said("a", 1000, "ant", "mia").word();
    history.taught("a", new Word("bee", "mia", word.at(), null), 1).head(1).promoted(1);
    assertThat(found()).containsExactly(Kind.WRONG_JOIN);
  }

  @Test
  void shouldFindAnExampleByAnotherLabeller() {
    history.image("a", 1).predicted("a", 0);
    Word word = history.said("a", 1000, "ant", "mia").word();
    history.taught("a", new Word("ant", "bo", word.at(), null), 1).head(1).promoted(1);
    assertThat(found()).containsExactly(Kind.WRONG_JOIN);
  }

  @Test
  void shouldFindACorrectionThatTaughtNothing() {
    history.image("a", 1).predicted("a", 0);
    history.said("a", 1000, "ant", "mia");
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void shouldFindACorrectionThatTaughtTwice() {
    history.image("a", 1).predicted("a", 0);
    Word word = history.said("a", 1000, "ant", "mia").word();
    history.taught("a", word, 1).taught("a", word, 1).head(2).promoted(1);
    assertThat(found()).containsExactly(Kind.DOUBLED);
  }

  @Test
  void shouldFindCorrectionsThatTaughtInTheOtherOrder() {
    history.image("a", 1).predicted("a", 0);
    Word first = history.said("a", 1000, "ant", "mia").word();
    Word second = history.said("a", 1002, "bee", "mia").word();
    history.taught("a", second, 1).taught("a", first, 1).head(2).promoted(1);
    assertThat(found()).containsExactly(Kind.OUT_OF_ORDER);
  }

  @Test
  void shouldFindAWithdrawalThatRemovedNothing() {
    history.image("a", 1).predicted("a", 0);
    Word word = history.said("a", 1000, "ant", "mia").word();
    history.withdrawn("a", 1002);
    history.taught("a", word, 1).head(1).promoted(1);
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void shouldExplainACorrectionThatWaitedAndAnImageThatCameAgain() {
    history.image("a", 1).image("a", 2).predicted("a", 0).predicted("a", 1);
    Word word = history.said("a", 1000, "ant", "mia").word();
    history.taught("a", word, 1).taught("a", word, 2).head(2).promoted(1);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldExplainThatTheSameWordAgainTeachesNothing() {
    history.image("a", 1).predicted("a", 0);
    Word word = history.said("a", 1000, "ant", "mia").word();
    history.said("a", 1002, "ant", "mia");
    history.taught("a", word, 1).head(1).promoted(1);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldExplainACorrectionThatWasGivenUpAndNotOneGivenUpEarly() {
    history.said("nobody", 1000, "ant", "mia");
    history.letter("corrections", 0, "nobody", Reason.NO_IMAGE, PATIENCE.plusSeconds(1));
    assertThat(found()).isEmpty();

    history.said("nobody", 1002, "bee", "mia");
    history.letter("corrections", 1, "nobody", Reason.NO_IMAGE, PATIENCE.minusSeconds(1));
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void shouldFindAVersionThatIsGivenTwice() {
    history.head(0).promoted(1).head(0).promoted(2);
    history.headAgain(1);
    assertThat(found()).containsExactly(Kind.VERSION_CONFLICT);
  }

  @Test
  void shouldFindAChampionThatWentBack() {
    history.head(0).promoted(1).head(0).promoted(2).promoted(1);
    assertThat(found()).containsExactly(Kind.VERSION_CONFLICT);
  }

  @Test
  void shouldFindAPredictionByAHeadThatWasNeverPromoted() {
    history.head(0).head(0).promoted(2);
    history.image("a", 1).predicted("a", 0, 1L, "ant");
    assertThat(found()).containsExactly(Kind.FOREIGN_HEAD);
  }

  @Test
  void shouldFindAPredictionByAHeadThatAStrangerPromoted() {
    history.head(0).promotedByAStranger(1);
    history.image("a", 1).predicted("a", 0, 1L, "ant");
    assertThat(found()).containsExactly(Kind.FOREIGN_HEAD);
  }

  @Test
  void shouldFindAPredictionThatItsHeadDidNotSay() {
    history.head(0).promoted(1);
    history.image("a", 1).predicted("a", 0, 1L, "bee");
    assertThat(found()).containsExactly(Kind.FOREIGN_HEAD);
  }

  @Test
  void shouldFindAnExampleThatNoHeadHasLearned() {
    history.image("a", 1).predicted("a", 0);
    Word word = history.said("a", 1000, "ant", "mia").word();
    history.taught("a", word, 1);
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void shouldFindAnAnswerThatThePageTookAndLost() {
    history.image("a", 1).predicted("a", 0).reply("a", "ant", "pia", true);
    assertThat(found()).containsExactly(Kind.LOST);
  }

  @Test
  void shouldFindAnAnswerThatNobodyGave() {
    history.image("a", 1).predicted("a", 0);
    Word word = history.said("a", -1, "ant", "pia").word();
    history.taught("a", word, 1).head(1).promoted(1);
    assertThat(found()).containsExactly(Kind.INVENTED);
  }

  private List<Kind> found() {
    return checker.check(history.build()).stream().map(Finding::kind).toList();
  }
}

package io.afina.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveCorrectionTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance(0.9, 0.5, List.of(), 1, 100, "for a test", List.of());

  private static JudgedAnswer answer(double confidence, boolean right) {
    return new JudgedAnswer("ant", confidence, right, true, 0);
  }

  /** Answers that are right as often as the square of the confidence says. */
  private static List<JudgedAnswer> overconfident(int number) {
    Random random = new Random(7);
    List<JudgedAnswer> answers = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      double confidence = random.nextDouble();
      answers.add(answer(confidence, random.nextDouble() < confidence * confidence));
    }
    return answers;
  }

  @Test
  void shouldKeepAPromiseAgainWithinThreeHundredAnswersAfterConfidencesBecameTooHigh() {
    // given
    List<JudgedAnswer> answers = overconfident(1_000);

    // when
    double doubt = LiveCorrection.doubt(ACCEPTANCE, answers.subList(0, 300));

    // then
    double threshold = ACCEPTANCE.corrected(doubt).threshold("ant").orElseThrow();
    List<JudgedAnswer> accepted =
        answers.stream().skip(300).filter(each -> each.confidence() >= threshold).toList();
    assertThat(accepted).hasSizeGreaterThan(30);
    assertThat(accepted.stream().filter(JudgedAnswer::right).count())
        .isGreaterThanOrEqualTo(Math.round(0.9 * accepted.size()));
  }

  @Test
  void shouldNeverBeLooserThanWhatWasTested() {
    assertThat(LiveCorrection.doubt(ACCEPTANCE, Collections.nCopies(1_000, answer(0.9, true))))
        .isEqualTo(1);
  }

  @Test
  void shouldHearOfAcceptedAnswersAlone() {
    assertThat(LiveCorrection.doubt(ACCEPTANCE, Collections.nCopies(1_000, answer(0.4, false))))
        .isEqualTo(1);
  }

  @Test
  void shouldFindItsWayBackFromManyWrongAnswers() {
    // given
    List<JudgedAnswer> answers = new ArrayList<>(Collections.nCopies(1_000, answer(1, false)));
    assertThat(LiveCorrection.doubt(ACCEPTANCE, answers)).isPositive().isLessThan(0.01);

    // when
    answers.addAll(Collections.nCopies(100, answer(1, true)));

    // then
    assertThat(LiveCorrection.doubt(ACCEPTANCE, answers)).isEqualTo(1);
  }
}

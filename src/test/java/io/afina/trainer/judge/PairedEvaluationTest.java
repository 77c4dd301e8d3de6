package io.afina.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afina.trainer.judge.Evaluation.Outcome;
import io.afina.trainer.judge.PairedEvaluation.LabelCounts;
import org.junit.jupiter.api.Test;

class PairedEvaluationTest {

  private final Evaluation candidate = new Evaluation();
  private final Evaluation champion = new Evaluation();
  private int count;

  @Test
  void shouldCountWhatOnlyOneOfThemGetsRight() {
    both("bee", true, false);
    both("bee", false, true);
    both("bee", true, true);
    both("ant", false, true);
    both("ant", false, false);

    assertThat(PairedEvaluation.of(candidate, champion).labels())
        .containsExactly(new LabelCounts("ant", 2, 1, 0, 1), new LabelCounts("bee", 3, 2, 2, 2));
  }

  @Test
  void shouldWeighEveryLabelAlike() {
    both("bee", true, true);
    both("bee", true, true);
    both("bee", false, true);
    both("ant", true, false);

    PairedEvaluation paired = PairedEvaluation.of(candidate, champion);

    assertThat(paired.examples()).isEqualTo(4);
    assertThat(paired.champion()).isEqualTo(0.5);
    assertThat(paired.candidate()).isCloseTo((1 + 2 / 3.0) / 2, within(1e-9));
    assertThat(paired.fall()).isCloseTo(paired.champion() - paired.candidate(), within(1e-9));
    assertThat(paired.standardError()).isCloseTo(Math.sqrt(1 / 9.0 + 1) / 2, within(1e-9));
  }

  @Test
  void shouldPairOnlyTheImagesThatBothWereAsked() {
    both("bee", true, false);
    candidate.add(outcome("new", "bee", true));
    champion.add(outcome("old", "bee", true));

    assertThat(PairedEvaluation.of(candidate, champion).labels())
        .containsExactly(new LabelCounts("bee", 1, 0, 1, 1));
  }

  @Test
  void shouldKnowNoNoiseWhereTheyAgree() {
    both("bee", true, true);
    both("ant", false, false);

    assertThat(PairedEvaluation.of(candidate, champion).standardError()).isZero();
  }

  private void both(String actual, boolean candidateCorrect, boolean championCorrect) {
    String id = "image-" + count++;
    candidate.add(outcome(id, actual, candidateCorrect));
    champion.add(outcome(id, actual, championCorrect));
  }

  private static Outcome outcome(String id, String actual, boolean correct) {
    return new Outcome(id, actual, correct ? actual : "wasp", 0, new float[] {1, 0});
  }
}

package io.afina.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afina.trainer.judge.Evaluation.Answer;
import io.afina.trainer.judge.PairedEvaluation.OfLabel;
import org.junit.jupiter.api.Test;

class PairedEvaluationTest {

  private final Evaluation now = new Evaluation();
  private final Evaluation before = new Evaluation();

  @Test
  void shouldCountWhatOnlyOneOfThemGetsRight() {
    both("bee", true, false);
    both("bee", false, true);
    both("bee", true, true);
    both("ant", false, true);
    both("ant", false, false);

    assertThat(PairedEvaluation.of(now, before).labels())
        .containsExactly(new OfLabel("ant", 2, 1, 0, 1), new OfLabel("bee", 3, 2, 2, 2));
  }

  @Test
  void shouldWeighEveryLabelAlike() {
    both("bee", true, true);
    both("bee", true, true);
    both("bee", false, true);
    both("ant", true, false);

    PairedEvaluation beside = PairedEvaluation.of(now, before);

    assertThat(beside.examples()).isEqualTo(4);
    assertThat(beside.before()).isEqualTo(0.5);
    assertThat(beside.now()).isCloseTo((1 + 2 / 3.0) / 2, within(1e-9));
    assertThat(beside.fall()).isCloseTo(beside.before() - beside.now(), within(1e-9));
    assertThat(beside.noise()).isCloseTo(Math.sqrt(1 / 9.0 + 1) / 2, within(1e-9));
  }

  @Test
  void shouldKnowNoNoiseWhereTheyAgree() {
    both("bee", true, true);
    both("ant", false, false);

    assertThat(PairedEvaluation.of(now, before).noise()).isZero();
  }

  private void both(String actual, boolean nowRight, boolean beforeRight) {
    now.add(answer(actual, nowRight));
    before.add(answer(actual, beforeRight));
  }

  private static Answer answer(String actual, boolean right) {
    return new Answer("id", actual, right ? actual : "wasp", 0, new float[] {1, 0});
  }
}

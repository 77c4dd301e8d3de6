package io.afina.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.model.Measures;
import io.afina.trainer.judge.PairedEvaluation.OfLabel;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final OfLabel ANT = new OfLabel("ant", 200, 160, 160, 0);

  private final Gate gate = new Gate(0, 0.05);

  @Test
  void shouldPassAHeadThatIsNoWorse() {
    assertThat(gate.refusal(beside(ANT))).isEmpty();
    assertThat(gate.refusal(beside(new OfLabel("ant", 200, 160, 190, 30)))).isEmpty();
  }

  @Test
  void shouldRefuseAHeadWhoseBalancedAccuracyFalls() {
    assertThat(gate.refusal(beside(ANT, new OfLabel("bee", 200, 180, 171, 9))))
        .hasValueSatisfying(
            why -> assertThat(why).contains("82.8 %").contains("85.0 %").contains("400 examples"));
  }

  @Test
  void shouldNotTakeChanceForAFall() {
    assertThat(gate.refusal(beside(ANT, new OfLabel("bee", 200, 180, 171, 31)))).isEmpty();
    assertThat(gate.refusal(beside(ANT, new OfLabel("bee", 200, 180, 178, 2)))).isEmpty();
  }

  @Test
  void shouldLetAnotherFollowAChampionThatMadeNoMistake() {
    assertThat(gate.refusal(beside(new OfLabel("ant", 30, 30, 29, 1)))).isEmpty();
    assertThat(gate.refusal(beside(new OfLabel("ant", 30, 30, 27, 3)))).isPresent();
  }

  @Test
  void shouldRefuseAHeadThatSacrificesALabel() {
    OfLabel better = new OfLabel("ant", 100, 70, 90, 20);

    assertThat(gate.refusal(beside(better, new OfLabel("bee", 100, 90, 84, 6))))
        .hasValueSatisfying(
            why -> assertThat(why).contains("bee falls from 90.0 % to 84.0 % on 100"));
  }

  @Test
  void shouldNotSayThatALabelIsSacrificedForOnePictureOfADozen() {
    OfLabel better = new OfLabel("ant", 12, 6, 12, 6);

    assertThat(gate.refusal(beside(better, new OfLabel("bee", 12, 12, 11, 1)))).isEmpty();
    assertThat(gate.refusal(beside(better, new OfLabel("bee", 12, 12, 9, 3)))).isPresent();
  }

  @Test
  void shouldNotJudgeALabelByAHandfulOfExamples() {
    OfLabel better = new OfLabel("ant", 9, 1, 9, 8);

    assertThat(gate.refusal(beside(better, new OfLabel("bee", 9, 9, 5, 4)))).isEmpty();
  }

  @Test
  void shouldAllowTheFallsThatAreConfigured() {
    PairedEvaluation fallen = beside(ANT, new OfLabel("bee", 200, 180, 170, 10));

    assertThat(gate.refusal(fallen)).isPresent();
    assertThat(new Gate(0.03, 0.05).refusal(fallen)).isEmpty();
    assertThat(new Gate(0.03, 0.04).refusal(fallen)).isPresent();
  }

  @Test
  void shouldPassAFirstHeadOnlyIfItBeatsTheMajority() {
    assertThat(gate.refusal(first("bee"))).isEmpty();
    assertThat(gate.refusal(first("ant")))
        .hasValueSatisfying(why -> assertThat(why).contains("commonest label"));
  }

  private static PairedEvaluation beside(OfLabel... labels) {
    return new PairedEvaluation(List.of(labels));
  }

  /** Of a head that is right about the ants, and says {@code said} where it sees a bee. */
  private static Measures first(String said) {
    Evaluation answers = new Evaluation();
    answers.add(new Evaluation.Answer("1", "ant", "ant", 0, new float[] {1, 0}));
    answers.add(new Evaluation.Answer("2", "bee", said, 1, new float[] {0, 1}));
    return answers.measures(Measures.Method.HOLDOUT, 1);
  }
}

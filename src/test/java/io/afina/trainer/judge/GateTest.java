package io.afina.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.model.Measures;
import io.afina.trainer.judge.PairedEvaluation.LabelCounts;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final LabelCounts ANT = new LabelCounts("ant", 200, 160, 160, 0);

  private final Gate gate = new Gate(0, 0.05);

  @Test
  void shouldPassAHeadThatIsNoWorse() {
    assertThat(gate.rejection(paired(ANT))).isEmpty();
    assertThat(gate.rejection(paired(new LabelCounts("ant", 200, 160, 190, 30)))).isEmpty();
  }

  @Test
  void shouldRefuseAHeadWhoseBalancedAccuracyFalls() {
    assertThat(gate.rejection(paired(ANT, new LabelCounts("bee", 200, 180, 171, 9))))
        .hasValueSatisfying(
            why -> assertThat(why).contains("82.8 %").contains("85.0 %").contains("400 examples"));
  }

  @Test
  void shouldNotTakeChanceForAFall() {
    assertThat(gate.rejection(paired(ANT, new LabelCounts("bee", 200, 180, 171, 31)))).isEmpty();
    assertThat(gate.rejection(paired(ANT, new LabelCounts("bee", 200, 180, 178, 2)))).isEmpty();
  }

  @Test
  void shouldLetAnotherFollowAChampionThatMadeNoMistake() {
    assertThat(gate.rejection(paired(new LabelCounts("ant", 30, 30, 29, 1)))).isEmpty();
    assertThat(gate.rejection(paired(new LabelCounts("ant", 30, 30, 27, 3)))).isPresent();
  }

  @Test
  void shouldRefuseAHeadThatSacrificesALabel() {
    LabelCounts better = new LabelCounts("ant", 100, 70, 90, 20);

    assertThat(gate.rejection(paired(better, new LabelCounts("bee", 100, 90, 84, 6))))
        .hasValueSatisfying(
            why -> assertThat(why).contains("bee falls from 90.0 % to 84.0 % on 100"));
  }

  @Test
  void shouldNotSayThatALabelIsSacrificedForOnePictureOfADozen() {
    LabelCounts better = new LabelCounts("ant", 12, 6, 12, 6);

    assertThat(gate.rejection(paired(better, new LabelCounts("bee", 12, 12, 11, 1)))).isEmpty();
    assertThat(gate.rejection(paired(better, new LabelCounts("bee", 12, 12, 9, 3)))).isPresent();
  }

  @Test
  void shouldNotJudgeALabelByAHandfulOfExamples() {
    LabelCounts better = new LabelCounts("ant", 9, 1, 9, 8);

    assertThat(gate.rejection(paired(better, new LabelCounts("bee", 9, 9, 5, 4)))).isEmpty();
  }

  @Test
  void shouldAllowTheFallsThatAreConfigured() {
    PairedEvaluation fallen = paired(ANT, new LabelCounts("bee", 200, 180, 170, 10));

    assertThat(gate.rejection(fallen)).isPresent();
    assertThat(new Gate(0.03, 0.05).rejection(fallen)).isEmpty();
    assertThat(new Gate(0.03, 0.04).rejection(fallen)).isPresent();
  }

  @Test
  void shouldPassAFirstHeadOnlyIfItBeatsTheMajority() {
    assertThat(gate.rejection(first("bee"))).isEmpty();
    assertThat(gate.rejection(first("ant")))
        .hasValueSatisfying(why -> assertThat(why).contains("commonest label"));
  }

  private static PairedEvaluation paired(LabelCounts... labels) {
    return new PairedEvaluation(List.of(labels));
  }

  /** A head that recognises ants, and predicts {@code predicted} for a bee. */
  private static Measures first(String predicted) {
    Evaluation evaluation = new Evaluation();
    evaluation.add(new Evaluation.Outcome("1", "ant", "ant", 0, new float[] {1, 0}));
    evaluation.add(new Evaluation.Outcome("2", "bee", predicted, 1, new float[] {0, 1}));
    return evaluation.measures(Measures.Method.HOLDOUT, 1);
  }
}

package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Measures.Method;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {

  private final Gate gate = new Gate(0, 0.05);

  @Test
  void shouldPassAHeadThatIsNoWorse() {
    assertThat(gate.refusal(measures(20, 0.8, 0.9), Optional.of(measures(20, 0.8, 0.9)))).isEmpty();
    assertThat(gate.refusal(measures(20, 0.9, 0.9), Optional.of(measures(20, 0.8, 0.9)))).isEmpty();
  }

  @Test
  void shouldRefuseAHeadWhoseBalancedAccuracyFalls() {
    assertThat(gate.refusal(measures(200, 0.8, 0.85), Optional.of(measures(200, 0.8, 0.9))))
        .hasValueSatisfying(
            why -> assertThat(why).contains("82.5 %").contains("85.0 %").contains("400 examples"));
  }

  @Test
  void shouldNotTakeChanceForAFall() {
    assertThat(gate.refusal(measures(20, 0.8, 0.85), Optional.of(measures(20, 0.8, 0.9))))
        .isEmpty();
  }

  @Test
  void shouldRefuseAHeadThatSacrificesALabel() {
    assertThat(gate.refusal(measures(20, 0.9, 0.84), Optional.of(measures(20, 0.7, 0.9))))
        .hasValueSatisfying(
            why -> assertThat(why).contains("bee falls from 90.0 % to 84.0 % on 20"));
  }

  @Test
  void shouldNotJudgeALabelByAHandfulOfExamples() {
    assertThat(gate.refusal(measures(9, 0.9, 0.7), Optional.of(measures(9, 0.5, 0.9)))).isEmpty();
  }

  @Test
  void shouldAllowTheFallThatIsConfigured() {
    assertThat(
            new Gate(0.03, 0.05)
                .refusal(measures(200, 0.8, 0.85), Optional.of(measures(200, 0.8, 0.9))))
        .isEmpty();
  }

  @Test
  void shouldPassAFirstHeadOnlyIfItBeatsTheMajority() {
    assertThat(gate.refusal(measures(20, 0.6, 0.6), Optional.empty())).isEmpty();
    assertThat(gate.refusal(measures(20, 0.5, 0.5), Optional.empty()))
        .hasValueSatisfying(why -> assertThat(why).contains("commonest label"));
  }

  /** Two labels with as many examples each. */
  private static Measures measures(int examples, double ant, double bee) {
    double accuracy = (ant + bee) / 2;
    return new Measures(
        Method.HOLDOUT,
        2 * examples,
        accuracy,
        accuracy,
        0.5,
        0.3,
        0.02,
        0.1,
        List.of(
            new LabelMeasures("ant", examples, ant, 0.9),
            new LabelMeasures("bee", examples, bee, 0.9)),
        List.of());
  }
}

package io.afina.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.model.Head;
import io.afina.model.Heads;
import io.afina.model.layer.Dense;
import io.afina.trainer.data.Clusters;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChallengerTrialTest {

  @Test
  void shouldCountWhereBothAnswerAlikeAndHowOftenEachIsRight() {
    Clusters clusters = new Clusters(0.1).add(30, "ant", "bee", "cat");

    ChallengerTrial trial =
        ChallengerTrial.of(
            head(2, "ant", "bee", "cat"), head(1, "ant", "cat", "bee"), clusters.examples());

    assertThat(trial.corrections()).isEqualTo(30);
    assertThat(trial.agreement()).isEqualTo(10 / 30.0);
    assertThat(trial.challengerAccuracy()).isEqualTo(1);
    assertThat(trial.championAccuracy()).isEqualTo(10 / 30.0);
    assertThat(trial.toString())
        .startsWith("challenger 2 agrees with champion 1 on 33.3 % of the 30 corrections");
  }

  /** Answers by the cloud of ants, bees and cats, with these names. */
  private static Head head(long version, String... names) {
    float[] rows = new float[names.length * Clusters.WIDTH];
    for (int label = 0; label < names.length; label++) {
      rows[label * Clusters.WIDTH + label] = 1;
    }
    return new Head(
        Heads.card(version, Heads.BACKBONE, Clusters.WIDTH, names),
        List.of(Dense.ofRows(Clusters.WIDTH, names.length, rows, new float[names.length])));
  }
}

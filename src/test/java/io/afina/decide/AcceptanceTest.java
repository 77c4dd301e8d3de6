package io.afina.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.decide.Acceptance.OfLabel;
import io.afina.event.Json;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Decision;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AcceptanceTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance(
          0.95,
          0.8,
          List.of(new OfLabel("wasp", 0.99, null), new OfLabel("bee", 0.99, 0.9)),
          1,
          100,
          "for a test",
          List.of());

  private static Prediction prediction(@Nullable String label, double confidence) {
    return new Prediction(
        label,
        label == null ? null : confidence,
        label == null ? List.of() : List.of(new Score(label, confidence)),
        null,
        null,
        null,
        "ab".repeat(32),
        new Position(0, 0, 0),
        new Timings(0, 0, 0),
        null,
        null);
  }

  private static Prediction decided(String label, double confidence) {
    return ACCEPTANCE.decide(prediction(label, confidence));
  }

  @Test
  void shouldAcceptFromTheThresholdOfTheLabelOn() {
    assertThat(decided("ant", 0.8).decision()).isEqualTo(Decision.ACCEPT);
    assertThat(decided("ant", 0.8).threshold()).isEqualTo(0.8);
    assertThat(decided("ant", 0.79).decision()).isEqualTo(Decision.DEFER);
    assertThat(decided("bee", 0.89).decision()).isEqualTo(Decision.DEFER);
    assertThat(decided("bee", 0.89).threshold()).isEqualTo(0.9);
  }

  @Test
  void shouldDeferWhatNothingIsKnownOf() {
    assertThat(decided("wasp", 1).decision()).isEqualTo(Decision.DEFER);
    assertThat(decided("wasp", 1).threshold()).isNull();
  }

  @Test
  void shouldDecideNothingWithoutALabel() {
    assertThat(ACCEPTANCE.decide(prediction(null, 0)).decision()).isNull();
  }

  @Test
  void shouldLeaveLessDoubtWhenCorrected() {
    assertThat(ACCEPTANCE.corrected(0.5).threshold("ant").orElseThrow()).isEqualTo(0.9);
    assertThat(ACCEPTANCE.corrected(0.5).threshold("wasp")).isEmpty();
  }

  @Test
  void shouldTravelAsJson() {
    assertThat(Json.readWhole(Json.write(ACCEPTANCE), Acceptance.class)).isEqualTo(ACCEPTANCE);
  }
}

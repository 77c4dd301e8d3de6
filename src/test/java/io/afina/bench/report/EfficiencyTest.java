package io.afina.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EfficiencyTest {

  @Test
  void shouldAddTheTimesOfDecodingAndInference() {
    assertThat(Efficiency.ideal(600, 300)).isCloseTo(200, within(1e-9));
  }

  @Test
  void shouldBeTheShareOfTheIdeal() {
    assertThat(Efficiency.of(150, 600, 300)).isCloseTo(0.75, within(1e-9));
  }

  @Test
  void shouldLeaveOutWhatOthersTook() {
    assertThat(Efficiency.withoutOthers(0.75, 0.25)).isCloseTo(1, within(1e-9));
  }
}

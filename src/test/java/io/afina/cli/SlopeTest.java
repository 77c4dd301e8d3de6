package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SlopeTest {

  private final Random random = new Random(1);

  @Test
  void noiseIsFlat() {
    assertThat(Slope.of(looks(i -> 600 + 20 * random.nextGaussian())).isFlat()).isTrue();
  }

  @Test
  void whatDoesNotMoveIsFlat() {
    assertThat(Slope.of(looks(i -> 42)).isFlat()).isTrue();
  }

  @Test
  void aSlowLeakUnderNoiseIsNot() {
    Slope slope = Slope.of(looks(i -> 600 + 0.2 * i + 10 * random.nextGaussian()));

    assertThat(slope.isFlat()).isFalse();
    assertThat(slope.growth()).isBetween(35.0, 45.0);
  }

  @Test
  void aSureGrowthOfAHundredthIsLetPass() {
    assertThat(Slope.of(looks(i -> 600 + 0.03 * i)).isFlat()).isTrue();
  }

  @Test
  void whatShrinksIsFlat() {
    assertThat(Slope.of(looks(i -> 600 - i)).isFlat()).isTrue();
  }

  private static List<Double> looks(IntToDoubleFunction value) {
    return IntStream.range(0, 200).mapToObj(value::applyAsDouble).toList();
  }
}

package io.afina.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

  /** The interval allows one alarm in two hundred; one of independent looks gives 46 of them. */
  @Test
  void wavesAreFlat() {
    long alarms = IntStream.range(0, 200).filter(run -> !Slope.of(waves(100, 0)).isFlat()).count();

    assertThat(alarms).isLessThan(10);
  }

  @Test
  void aSlowLeakUnderWavesIsNot() {
    assertThat(Slope.of(waves(1000, 0.3)).isFlat()).isFalse();
  }

  @Test
  void whatDoesNotFillABatchIsLeftOut() {
    Slope slope = Slope.of(IntStream.range(0, 205).mapToObj(i -> 100.0 + i).toList());

    assertThat(slope.growth()).isCloseTo(204, within(0.001));
  }

  @Test
  void threeLooksAreEnough() {
    assertThat(Slope.of(List.of(1.0, 2.0, 3.0)).growth()).isCloseTo(2, within(0.001));
  }

  @Test
  void aSureGrowthOfAHundredthIsLetPass() {
    assertThat(Slope.of(looks(i -> 600 + 0.03 * i)).isFlat()).isTrue();
  }

  @Test
  void whatShrinksIsFlat() {
    assertThat(Slope.of(looks(i -> 600 - i)).isFlat()).isTrue();
  }

  /** Looks that resemble the one before, as handles do. */
  private List<Double> waves(double mean, double leak) {
    double[] wave = {0};
    return looks(
        i -> {
          wave[0] = 0.75 * wave[0] + 10 * random.nextGaussian();
          return mean + leak * i + wave[0];
        });
  }

  private static List<Double> looks(IntToDoubleFunction value) {
    return IntStream.range(0, 200).mapToObj(value::applyAsDouble).toList();
  }
}

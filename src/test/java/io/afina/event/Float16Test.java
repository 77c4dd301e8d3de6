package io.afina.event;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.util.Float16Utils;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Float16Test {

  @Test
  void shouldGiveBackEveryHalf() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      short half = (short) bits;
      if (!Float.isNaN(Float16.toFloat(half))) {
        assertThat(Float16.fromFloat(Float16.toFloat(half))).as("%04x", bits).isEqualTo(half);
      }
    }
  }

  @Test
  void shouldReadEveryHalfAsAnotherImplementationDoes() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float other = Float16Utils.halfToFloat((short) bits);
      assertThat(Float.compare(Float16.toFloat((short) bits), other)).as("%04x", bits).isZero();
    }
  }

  @Test
  void shouldRoundToTheNearestAndTiesToEven() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      float value = (float) random.nextDouble(-70000, 70000);
      float half = Float16.toFloat(Float16.fromFloat(value));
      float above = Float16.toFloat((short) (Float16.fromFloat(value) + 1));
      float below = Float16.toFloat((short) (Float16.fromFloat(value) - 1));
      if (Float.isFinite(half)) {
        assertThat(Math.abs(value - half))
            .isLessThanOrEqualTo(Math.min(Math.abs(value - above), Math.abs(value - below)));
      }
    }
    assertThat(Float16.toFloat(Float16.fromFloat(2049))).isEqualTo(2048);
    assertThat(Float16.toFloat(Float16.fromFloat(2051))).isEqualTo(2052);
    assertThat(Float16.toFloat(Float16.fromFloat(65519))).isEqualTo(65504);
    assertThat(Float16.toFloat(Float16.fromFloat(65520))).isInfinite();
    assertThat(Float16.toFloat(Float16.fromFloat(Float.NaN))).isNaN();
  }
}

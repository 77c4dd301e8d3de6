package io.afina.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.model.WilsonInterval;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackboneChoiceTest {

  @Test
  void shouldTakeTheMoreAccurateWhereTheDifferenceIsMoreThanChance() {
    BackboneChoice choice =
        BackboneChoice.of(
            List.of(result("small", 250, 80), result("large", 50, 95)),
            List.of(ids(0, 80), ids(0, 95)));
    assertThat(choice.index()).isEqualTo(1);
    assertThat(choice.why())
        .isEqualTo(
            "large: it is right in 95.0 %, and the next, small, in 80.0 %; it takes 5.0 times as long a picture.");
  }

  @Test
  void shouldTakeTheFasterWhereTheDifferenceMayBeChance() {
    // 6 pictures that one knows and 4 that the other knows: a difference of 2, give or take 3.2.
    BackboneChoice choice =
        BackboneChoice.of(
            List.of(result("float", 100, 90), result("int8", 170, 88)),
            List.of(ids(0, 90), ids(6, 94)));
    assertThat(choice.index()).isEqualTo(1);
    assertThat(choice.why()).startsWith("int8: float is right in 90.0 % instead of 88.0 %");
  }

  @Test
  void shouldTakeTheMoreAccurateOfThoseThatAreAsFast() {
    BackboneChoice choice =
        BackboneChoice.of(
            List.of(result("float", 100, 90), result("int8", 105, 88)),
            List.of(ids(0, 90), ids(6, 94)));
    assertThat(choice.index()).isZero();
  }

  private static BackboneResult result(String address, double speed, int right) {
    return new BackboneResult(
        address,
        address,
        "none",
        4,
        1,
        null,
        speed,
        WilsonInterval.of(right, 100),
        "",
        List.of(),
        0);
  }

  private static Set<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.toSet());
  }
}

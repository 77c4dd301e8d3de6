package io.afina.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MaxHerdingTest {

  /** Four alike, two alike, and one that is like no other. */
  private static final List<float[]> PICTURES =
      List.of(
          at(0, 0, 1),
          at(1, 0.02f, 0),
          at(1, -0.02f, 0),
          at(1, 0, 0),
          at(1, 0.01f, 0),
          at(0, 1, 0.02f),
          at(0, 1, 0));

  private static final double[] ALIKE = {1, 1, 1, 1, 1, 1, 1};

  @Test
  void shouldAskTypicalPicturesOfEachKindBeforeOutliers() {
    // when
    List<Integer> order = MaxHerding.order(PICTURES, ALIKE, List.of(), 3);

    // then
    assertThat(order.get(0)).isBetween(1, 4);
    assertThat(order.get(1)).isBetween(5, 6);
    assertThat(order.get(2)).isZero();
  }

  @Test
  void shouldNotAskAgainWhatIsLikeWhatWasAnswered() {
    assertThat(MaxHerding.order(PICTURES, ALIKE, List.of(at(2, 0, 0)), 2)).contains(0).hasSize(2);
    assertThat(MaxHerding.order(PICTURES, ALIKE, List.of(at(2, 0, 0)), 1).get(0)).isBetween(5, 6);
  }

  @Test
  void shouldAskWhereTheHeadIsUncertain() {
    // given: it is sure of all but the outlier
    double[] weights = {0.9, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01};

    // then
    assertThat(MaxHerding.order(PICTURES, weights, List.of(), 1)).containsExactly(0);
  }

  @Test
  void shouldGiveEachOnceHoweverManyAreWantedAndHoweverAlikeTheyAre() {
    assertThat(MaxHerding.order(PICTURES, ALIKE, List.of(), 9))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
    assertThat(MaxHerding.order(List.of(at(1, 0, 0), at(1, 0, 0)), new double[2], List.of(), 9))
        .containsExactly(0, 1);
    assertThat(MaxHerding.order(List.of(), new double[0], List.of(), 9)).isEmpty();
  }

  private static float[] at(float... values) {
    return values;
  }
}

package io.afina.review;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReviewBudgetTest {

  @Test
  void shouldGiveSoManyForEachAnswerBesideItsShare() {
    // given
    ReviewBudget budget = new ReviewBudget(0.5, 3, 8);
    assertThat(spend(budget)).isEqualTo(3);

    // when
    budget.answered();
    budget.fill();
    budget.fill();

    // then
    assertThat(spend(budget)).isEqualTo(9);
  }

  @Test
  void shouldSaveUpTheTokensOfFourAnswersBesideItsOwn() {
    // given
    ReviewBudget budget = new ReviewBudget(0.5, 1, 8);

    // when
    for (int i = 0; i < 1000; i++) {
      budget.answered();
    }

    // then
    assertThat(budget.quantile()).isEqualTo(1);
    assertThat(spend(budget)).isEqualTo(42);
    assertThat(budget.quantile()).isEqualTo(0.5);
  }

  @Test
  void shouldGiveNothingForAnAnswerWhereItIsTurnedOff() {
    // given
    ReviewBudget off = new ReviewBudget(0, 10, 8);
    ReviewBudget byShareAlone = new ReviewBudget(0.5, 0, 0);

    // when
    off.answered();
    byShareAlone.answered();

    // then
    assertThat(spend(off)).isZero();
    assertThat(spend(byShareAlone)).isZero();
  }

  private static int spend(ReviewBudget budget) {
    int spent = 0;
    while (budget.isAvailable()) {
      budget.spend();
      spent++;
    }
    return spent;
  }
}

package io.afina.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void shouldTakeTheMiddleRun() {
    assertThat(Spread.of(List.of(3.0, 9.0, 1.0))).isEqualTo(new Spread(3, 1, 9));
  }

  @Test
  void shouldTakeTheMeanOfTheMiddleTwo() {
    assertThat(Spread.of(List.of(1.0, 2.0, 4.0, 9.0)).median()).isEqualTo(3);
  }

  @Test
  void shouldRefuseNoRuns() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldCallRunsThatMeetTheSame() {
    Spread spread = new Spread(5, 4, 6);
    assertThat(spread.overlaps(new Spread(7, 6, 8))).isTrue();
    assertThat(spread.overlaps(new Spread(7, 6.1, 8))).isFalse();
    assertThat(spread.overlaps(new Spread(3, 2, 3.9))).isFalse();
  }

  @Test
  void shouldShowItsRangeOnlyWhenThereIsOne() {
    assertThat(new Spread(5, 4, 6).text(1)).isEqualTo("5.0 (4.0–6.0)");
    assertThat(new Spread(5, 5, 5).text(0)).isEqualTo("5");
  }
}

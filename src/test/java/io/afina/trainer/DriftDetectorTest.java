package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftDetectorTest {

  private static final int WINDOW = 100;
  private static final double USUAL = 0.5;
  private static final double NOVEL = 0.99;

  private final DriftDetector drift = new DriftDetector(0.95, 0.3, WINDOW);

  @Test
  void shouldSayNothingBeforeItHasSeenEnoughOfTheChampion() {
    // when
    drift.champion(1);
    predict(1, WINDOW - 1, NOVEL);

    // then
    assertThat(drift.isDrifting()).isFalse();
    assertThat(drift.share()).isNaN();

    // when
    predict(1, 1, NOVEL);

    // then
    assertThat(drift.isDrifting()).isTrue();
    assertThat(drift.share()).isEqualTo(1);
  }

  @Test
  void shouldNotTakeTheUsualShareOfNovelPicturesForDrift() {
    // when
    drift.champion(1);
    for (int n = 0; n < 20; n++) {
      predict(1, 19, USUAL);
      predict(1, 1, NOVEL);
    }

    // then
    assertThat(drift.share()).isEqualTo(0.05);
    assertThat(drift.isDrifting()).isFalse();
  }

  @Test
  void shouldNotFlapWhereTheShareStaysNearTheOneThatIsNoticed() {
    // given
    drift.champion(1);
    predict(1, WINDOW - 30, USUAL);
    predict(1, 30, NOVEL);
    assertThat(drift.isDrifting()).isTrue();

    // when: a share between the half and the whole of it
    predict(1, WINDOW - 16, USUAL);
    predict(1, 16, NOVEL);

    // then
    assertThat(drift.share()).isEqualTo(0.16);
    assertThat(drift.isDrifting()).isTrue();

    // when
    predict(1, WINDOW, USUAL);
    predict(1, 29, NOVEL);

    // then
    assertThat(drift.isDrifting()).isFalse();
  }

  @Test
  void shouldBeginAnewWithAnotherChampionAndLeaveOutWhatTheOneBeforeStillSays() {
    // given
    drift.champion(1);
    predict(1, WINDOW, NOVEL);

    // when
    drift.champion(2);
    predict(1, WINDOW, NOVEL);

    // then
    assertThat(drift.isDrifting()).isFalse();
    assertThat(drift.share()).isNaN();

    // when
    predict(2, WINDOW, NOVEL);

    // then
    assertThat(drift.isDrifting()).isTrue();
  }

  private void predict(long head, int count, double novelty) {
    IntStream.range(0, count).forEach(i -> drift.add(head, novelty));
  }
}

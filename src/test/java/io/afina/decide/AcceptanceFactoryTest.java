package io.afina.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.decide.Acceptance.OfLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AcceptanceFactoryTest {

  private static final AcceptanceFactory FACTORY = new AcceptanceFactory(0.95, Map.of());

  /** Answers that are right as often as they are confident. */
  private static List<JudgedAnswer> calibrated(Random random, int count, boolean audited) {
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              double confidence = 1 - 0.5 * random.nextDouble();
              boolean right = random.nextDouble() < confidence;
              return new JudgedAnswer(n % 2 == 0 ? "ant" : "bee", confidence, right, audited, n);
            })
        .toList();
  }

  private static List<JudgedAnswer> sure(int count, boolean right) {
    return IntStream.range(0, count)
        .mapToObj(n -> new JudgedAnswer("ant", 0.9 + n * 1e-5, right, false, n))
        .toList();
  }

  @Test
  void shouldAcceptNothingUntilEnoughIsKnownAndSaySo() {
    // when
    Acceptance acceptance = FACTORY.acceptance(sure(134, true));

    // then
    assertThat(acceptance.threshold()).isNull();
    assertThat(acceptance.threshold("ant")).isEmpty();
    assertThat(acceptance.why())
        .isEqualTo(
            "134 answers about images that were not seen are known, and a promise of 95.00 % needs 135 at least");
    assertThat(FACTORY.acceptance(sure(135, true)).threshold()).isEqualTo(0.9);
  }

  @Test
  void shouldAcceptNothingWhereTheSurestAreWrong() {
    // given
    List<JudgedAnswer> answers = new ArrayList<>(sure(200, false));

    // when
    Acceptance acceptance = FACTORY.acceptance(answers);

    // then
    assertThat(acceptance.threshold()).isNull();
    assertThat(acceptance.why()).contains("not even the surest");
  }

  /** The precision at a threshold is its mean with 1. */
  @Test
  void shouldBreakThePromiseInOneOfTenCasesAtMost() {
    // given
    Random random = new Random(5);
    int cases = 500;

    // when
    long broken =
        IntStream.range(0, cases)
            .mapToObj(n -> FACTORY.acceptance(calibrated(random, 2000, false)).threshold())
            .filter(threshold -> threshold != null && (1 + threshold) / 2 < 0.95)
            .count();

    // then
    assertThat(broken).isLessThanOrEqualTo(cases / 10);
  }

  @Test
  void shouldCountTheRandomSampleAloneOnceThatIsLarge() {
    // given
    List<JudgedAnswer> answers = new ArrayList<>(sure(1000, false));
    answers.addAll(calibrated(new Random(1), 500, true));

    // when
    Acceptance acceptance = new AcceptanceFactory(0.8, Map.of()).acceptance(answers);

    // then
    assertThat(acceptance.answers()).isEqualTo(500);
    assertThat(acceptance.threshold()).isNotNull();
    assertThat(acceptance.why()).startsWith("of 500 answers about images drawn by chance");
  }

  @Test
  void shouldKeepAPromiseOfItsOwnForALabel() {
    // given
    AcceptanceFactory own = new AcceptanceFactory(0.8, Map.of("bee", 0.99));
    List<JudgedAnswer> answers = calibrated(new Random(2), 3000, false);

    // when
    Acceptance acceptance = own.acceptance(answers);

    // then
    assertThat(acceptance.labels()).extracting(OfLabel::label).containsExactly("bee");
    assertThat(acceptance.threshold("bee").orElse(1))
        .isGreaterThan(acceptance.threshold("ant").orElseThrow());
  }

  @Test
  void shouldBecomeStricterWithEveryWrongAnswerAndComeBackWithRightOnes() {
    // given
    Acceptance tested = FACTORY.acceptance(sure(200, true));
    JudgedAnswer wrong = new JudgedAnswer("ant", 1, false, true, 0);
    JudgedAnswer right = new JudgedAnswer("ant", 1, true, true, 0);

    // when
    Acceptance stricter =
        tested.corrected(LiveCorrection.doubt(tested, List.of(wrong, wrong, wrong)));
    Acceptance again =
        stricter.corrected(
            LiveCorrection.doubt(stricter, java.util.Collections.nCopies(100, right)));

    // then
    assertThat(stricter.threshold("ant").orElseThrow())
        .isGreaterThan(tested.threshold("ant").orElseThrow());
    assertThat(again.threshold("ant")).isEqualTo(OptionalDouble.of(0.9));
  }

  @Test
  void shouldNotCountWhatWasDeferred() {
    // given
    Acceptance tested = FACTORY.acceptance(sure(200, true));

    // then
    assertThat(LiveCorrection.doubt(tested, sure(10, false).stream().map(a -> deferred()).toList()))
        .isEqualTo(1);
  }

  private static JudgedAnswer deferred() {
    return new JudgedAnswer("ant", 0.5, false, true, 0);
  }

  @Test
  void shouldBoundTheSizeOfACard() {
    assertThat(FACTORY.acceptance(calibrated(new Random(3), 5000, false)).curve()).hasSize(50);
  }
}

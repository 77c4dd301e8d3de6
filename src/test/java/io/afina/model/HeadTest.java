package io.afina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.Prediction.Score;
import io.afina.event.SafeTensors;
import io.afina.model.HeadRefusedException.Refusal;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Landmarks;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadTest {

  private static final Offset<Double> TINY = Offset.offset(1e-6);

  private final HeadSlot slot = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.anybody());

  @Test
  void shouldComputeDenseReluDenseAndSoftmax() {
    // given: hidden = relu(W1 x + b1), logits = W2 hidden
    Dense first = Dense.ofRows(2, 2, new float[] {1, 2, -1, -1}, new float[] {0, 1});
    Dense second = Dense.ofRows(2, 2, new float[] {1, 0, 0, 3}, new float[] {0, 0});
    Head head = new Head(Heads.card(1, Heads.BACKBONE, 2, "a", "b"), List.of(first, second));

    // when: hidden = relu(1, 0.5) and logits = (1, 1.5)
    Scores scores = head.score(new float[] {0, 0.5f});

    // then
    double e = Math.exp(0.5);
    assertThat(scores.probabilities()[0]).isCloseTo(1 / (1 + e), TINY);
    assertThat(scores.top(5)).extracting(Score::label).containsExactly("b", "a");
    assertThat(scores.entropy())
        .isCloseTo(
            -(1 / (1 + e)) * Math.log(1 / (1 + e)) - e / (1 + e) * Math.log(e / (1 + e)), TINY);
  }

  @Test
  void shouldReadTheHeadThatItWrote() throws HeadRefusedException {
    // given
    Head head = Heads.identity(3, "ant", "bee");

    // when
    Head read = HeadFile.read(Heads.file(head));

    // then
    assertThat(read.card()).isEqualTo(head.card());
    assertThat(read.score(new float[] {0, 1}).probabilities())
        .isEqualTo(head.score(new float[] {0, 1}).probabilities());
  }

  @Test
  void shouldCompareWithLandmarksAndThenWeighThem() {
    // given: similarities exp(-|x - l|² / 4), logits = those
    Landmarks landmarks =
        Landmarks.ofRows(new float[] {1, 0, 0, 1, 1, 1}, new float[] {0.5f, 0.5f});

    // when: squared distances 1, 5 and 2
    float[] similar = landmarks.apply(new float[] {2, 0});

    // then
    assertThat(similar).hasSize(3);
    assertThat((double) similar[0]).isCloseTo(Math.exp(-0.25), TINY);
    assertThat((double) similar[1]).isCloseTo(Math.exp(-1.25), TINY);
    assertThat((double) similar[2]).isCloseTo(Math.exp(-0.5), TINY);
  }

  @Test
  void shouldReadEveryFormThatItWrote() throws HeadRefusedException {
    for (Head head : Heads.forms(3, "ant", "bee")) {
      // when
      Head read = HeadFile.read(Heads.file(head));

      // then
      assertThat(read.layers()).hasSameSizeAs(head.layers());
      assertThat(read.score(new float[] {0.5f, 1}).probabilities())
          .isEqualTo(head.score(new float[] {0.5f, 1}).probabilities());
      assertThat(read.score(new float[] {0.5f, 1}).top(1).get(0).label()).isEqualTo("bee");
      assertThat(slot.swap(3, Heads.file(head))).isInstanceOf(SwapResult.Swapped.class);
    }
  }

  @Test
  void shouldBeRefusedByReadersOfTheFirstFormWhereTheseWouldMisreadIt() {
    // given
    Head kernel = Heads.forms(3, "ant", "bee").get(2);

    // when
    SafeTensors file = SafeTensors.parse(Heads.file(kernel));

    // then: they ask for the form and for this tensor
    assertThat(file.require("format")).isEqualTo("afina-head/2");
    assertThat(file.tensors()).doesNotContainKey("layers.0.weight");
    assertThat(SafeTensors.parse(Heads.file(Heads.identity(3, "ant", "bee"))).require("format"))
        .isEqualTo("afina-head/1");
  }

  /** Written by the version that knew dense layers only. */
  @ParameterizedTest
  @CsvSource({
    "dense-1.safetensors, 0.008064843505611558, 0.0012978532803048838, 0.9906373032140835",
    "hidden-1.safetensors, 0.05778725995311883, 0.9320293943446614, 0.010183345702219907"
  })
  void shouldStillAnswerByAHeadOfTheVersionBefore(String file, double ant, double bee, double cat)
      throws Exception {
    // given
    byte[] blob = Objects.requireNonNull(HeadTest.class.getResourceAsStream(file)).readAllBytes();
    HeadSlot wide = new HeadSlot(Heads.BACKBONE, 8, TrustedKeys.anybody());

    // when
    SwapResult result = wide.swap(7, blob);

    // then
    assertThat(result).isInstanceOf(SwapResult.Swapped.class);
    float[] embedding = {-0.25f, 0.25f, 0.75f, -0.25f, 0.25f, 0.75f, -0.25f, 0.25f};
    assertThat(wide.head().orElseThrow().score(embedding).probabilities())
        .containsExactly(new double[] {ant, bee, cat}, TINY);
  }

  @Test
  void shouldKeepWhatItWasTrainedOnThroughItsFile() throws HeadRefusedException {
    // given
    Head head = knowing(new Centroids(2, new float[] {1, 0, 0, 1}, new float[] {0, 0.125f, 0.5f}));

    // when
    Centroids read = Objects.requireNonNull(HeadFile.read(Heads.file(head)).centroids());

    // then
    assertThat(read.distance(new float[] {3, 0})).isCloseTo(0, TINY);
    assertThat(read.distance(new float[] {-3, 0})).isCloseTo(1, TINY);
    assertThat(read.distance(new float[] {-1, -1})).isCloseTo(1 + Math.sqrt(0.5), TINY);
    assertThat(read.distance(new float[] {0, 0})).isEqualTo(1);
    assertThat(read.limit(0.5)).isEqualTo(0.125);
    assertThat(read.limit(0.75)).isEqualTo(0.3125);
    assertThat(read.limit(1)).isEqualTo(0.5);
  }

  @Test
  void shouldRefuseAHeadWhoseCentroidsAreNotFiniteOrOfAnotherWidth() {
    // given
    Head broken = knowing(new Centroids(2, new float[] {Float.NaN, 0, 0, 1}, new float[] {0, 1}));

    // then
    assertThatThrownBy(() -> HeadFile.read(Heads.file(broken)))
        .isInstanceOfSatisfying(
            HeadRefusedException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refusal.NOT_FINITE));
    assertThatThrownBy(() -> knowing(new Centroids(1, new float[] {1, 1}, new float[] {0, 1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("centroids of 1 numbers, but 2 come in");
  }

  private static Head knowing(Centroids centroids) {
    Head head = Heads.identity(3, "ant", "bee");
    return new Head(head.card(), head.layers(), centroids);
  }

  @Test
  void shouldPutAGoodHeadInPlaceAndKeepItWhenABadOneComes() {
    // given
    assertThat(slot.head()).isEmpty();

    // when
    SwapResult first = slot.swap(1, Heads.file(Heads.identity(1, "ant", "bee")));
    SwapResult second = slot.swap(2, new byte[] {1, 2, 3});

    // then
    assertThat(first)
        .isInstanceOfSatisfying(SwapResult.Swapped.class, s -> assertThat(s.from()).isNull());
    assertThat(second)
        .isInstanceOfSatisfying(
            SwapResult.Refused.class, r -> assertThat(r.reason()).isEqualTo(Refusal.UNREADABLE));
    assertThat(slot.head().map(Head::version)).contains(1L);
  }

  @Test
  void shouldHoldTheChallengerBesideTheChampionUntilItBecomesTheChampion() {
    // given
    slot.swap(1, Heads.file(Heads.identity(1, "ant", "bee")));
    byte[] second = Heads.file(Heads.identity(2, "ant", "bee"));

    // when
    slot.challenge(2, second);

    // then
    HeadPair before = slot.heads();
    assertThat(before.champion().map(Head::version)).contains(1L);
    assertThat(before.challenger().map(Head::version)).contains(2L);

    // when
    slot.swap(2, second);

    // then
    assertThat(slot.head().map(Head::version)).contains(2L);
    assertThat(slot.challenger()).isEmpty();
    assertThat(before.champion().map(Head::version)).contains(1L);
  }

  @Test
  void shouldRefuseABadChallengerAndLeaveTheChampion() {
    // given
    slot.swap(1, Heads.file(Heads.identity(1, "ant", "bee")));
    byte[] wide = Heads.file(Heads.identity(2, "a", "b", "c"));

    // then
    assertThat(slot.challenge(2, wide))
        .isInstanceOfSatisfying(
            SwapResult.Refused.class, r -> assertThat(r.reason()).isEqualTo(Refusal.WRONG_SHAPE));
    assertThat(slot.challenger()).isEmpty();
    assertThat(slot.head().map(Head::version)).contains(1L);
  }

  @Test
  void shouldDismissTheChallenger() {
    // given
    slot.challenge(2, Heads.file(Heads.identity(2, "ant", "bee")));

    // when
    slot.dismissChallenger();

    // then
    assertThat(slot.heads()).isEqualTo(HeadPair.NONE);
  }

  @Test
  void shouldRefuseEachBadHeadForItsOwnReason() {
    byte[] good = Heads.file(Heads.identity(4, "ant", "bee"));
    byte[] flipped = good.clone();
    flipped[flipped.length - 1] ^= 1;
    Head nan = Heads.identity(4, "ant", "bee");
    Heads.dense(nan, 0).weights()[0] = Float.NaN;
    Head other = new Head(Heads.card(4, "cd".repeat(32), 2, "ant", "bee"), nan.layers());

    assertThat(refusal(5, good)).isEqualTo(Refusal.WRONG_VERSION);
    assertThat(refusal(4, flipped)).isEqualTo(Refusal.WRONG_HASH);
    assertThat(refusal(4, Arrays.copyOf(good, good.length - 3))).isEqualTo(Refusal.UNREADABLE);
    assertThat(refusal(4, Heads.file(nan))).isEqualTo(Refusal.NOT_FINITE);
    assertThat(refusal(4, withFiniteWeights(other))).isEqualTo(Refusal.WRONG_BACKBONE);
    assertThat(refusal(4, Heads.file(Heads.identity(4, "a", "b", "c"))))
        .isEqualTo(Refusal.WRONG_SHAPE);
    assertThat(refusal(4, withoutCard(good))).isEqualTo(Refusal.UNREADABLE);
    assertThat(slot.head()).isEmpty();
  }

  private Refusal refusal(long version, byte[] blob) {
    return ((SwapResult.Refused) slot.swap(version, blob)).reason();
  }

  private static byte[] withFiniteWeights(Head head) {
    Heads.dense(head, 0).weights()[0] = 1;
    return Heads.file(head);
  }

  private static byte[] withoutCard(byte[] blob) {
    SafeTensors file = SafeTensors.parse(blob);
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.remove("card");
    return new SafeTensors(metadata, file.tensors()).toBytes();
  }
}

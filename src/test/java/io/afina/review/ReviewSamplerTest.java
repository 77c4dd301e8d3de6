package io.afina.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.config.ReviewConfig;
import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Shadow;
import io.afina.event.Prediction.Timings;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.model.Centroids;
import io.afina.model.Head;
import io.afina.model.Heads;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReviewSamplerTest {

  private static final int WIDTH = 8;
  private static final Head CHAMPION = head(7);
  private static final Timings TIMINGS = new Timings(1, 1, 1);

  private final Random random = new Random(3);
  private ReviewSampler sampler = new ReviewSampler(settings());
  private long offset;

  @Test
  void shouldSpendItsShareOnTheSmallestMarginsFromTheFirstDay() {
    // when
    Asked asked = stream(1000, random::nextDouble);

    // then
    assertThat(asked.share(ReviewReason.UNCERTAIN)).isBetween(0.045, 0.052);
    assertThat(asked.largestMargin(ReviewReason.UNCERTAIN, 500)).isLessThan(0.2);
  }

  @Test
  void shouldKeepItsShareWhenTheHeadBecomesSureOfEverythingOrOfNothing() {
    // given
    stream(2000, () -> 0.5 + random.nextDouble() / 2);

    // then
    assertThat(stream(2000, () -> random.nextDouble() / 10).share(ReviewReason.UNCERTAIN))
        .isBetween(0.045, 0.055);
    assertThat(stream(2000, () -> 0.99 + random.nextDouble() / 100).share(ReviewReason.UNCERTAIN))
        .isBetween(0.045, 0.055);
    assertThat(stream(2000, () -> 1).share(ReviewReason.UNCERTAIN)).isBetween(0.04, 0.055);
  }

  @Test
  void shouldAskAboutTheFirstImagesAndThenAShareUntilThereIsAHead() {
    // when
    int atOnce = 0;
    for (int i = 0; i < 10; i++) {
      atOnce += ask(unanswered(far())).filter(is(ReviewReason.NO_MODEL)).isPresent() ? 1 : 0;
    }
    int later = 0;
    for (int i = 0; i < 1000; i++) {
      later += ask(unanswered(far())).filter(is(ReviewReason.NO_MODEL)).isPresent() ? 1 : 0;
    }

    // then
    assertThat(atOnce).isBetween(9, 10);
    assertThat(later).isBetween(90, 105);
  }

  @Test
  void shouldAskAboutWhatIsLikeNothingKnownButNotDrownPeopleInIt() {
    // given
    stream(100, () -> 0.9);

    // when
    int asked = 0;
    for (int i = 0; i < 1000; i++) {
      Optional<ReviewItem> item = ask(answered(far(), 0.999, null));
      asked += item.filter(is(ReviewReason.NOVEL)).isPresent() ? 1 : 0;
      item.filter(is(ReviewReason.NOVEL))
          .ifPresent(novel -> assertThat(novel.uncertainty()).isEqualTo(1));
    }

    // then
    assertThat(asked).isBetween(18, 24);
  }

  @Test
  void shouldAskWhereChampionAndChallengerDiffer() {
    // given
    sampler = new ReviewSampler(only("review.disagreement"));

    // then
    assertThat(ask(answered(near(), 0.9, new Shadow(8, "ant", 0.9)))).isEmpty();
    assertThat(ask(answered(near(), 0.9, new Shadow(8, "bee", 0.75))))
        .hasValueSatisfying(
            item -> {
              assertThat(item.reason()).isEqualTo(ReviewReason.DISAGREEMENT);
              assertThat(item.uncertainty()).isBetween(0.79, 0.81);
            });
    assertThat(ask(answered(near(), 0.9, new Shadow(8, "bee", 0.9)))).isEmpty();
  }

  @Test
  void shouldDrawByChanceWhateverElseIsKnown() {
    // when
    Asked unsure = stream(20_000, () -> random.nextDouble() / 100);
    Asked sure = stream(20_000, () -> 1);

    // then: three standard deviations
    assertThat(unsure.share(ReviewReason.AUDIT)).isBetween(0.0079, 0.0121);
    assertThat(sure.share(ReviewReason.AUDIT)).isBetween(0.0079, 0.0121);
  }

  @Test
  void shouldDrawTheSameEventsWhenTheyAreProcessedAgain() {
    // given
    sampler = new ReviewSampler(only("review.audit"));
    float[] embedding = near();
    List<Position> once = drawn(embedding);

    // when: another instance, and it has asked other things before
    offset = 1_000_000;
    sampler = new ReviewSampler(settings());
    stream(500, random::nextDouble);
    offset = 0;

    // then
    assertThat(once).hasSizeBetween(5, 20).isEqualTo(drawn(embedding));
  }

  @Test
  void shouldDrawNearDuplicatesTooButAskAboutThemForNoOtherReason() {
    // given
    sampler = new ReviewSampler(settings());
    float[] embedding = near();

    // when
    Map<ReviewReason, Integer> asked = new EnumMap<>(ReviewReason.class);
    for (int i = 0; i < 2000; i++) {
      float[] nearly = embedding.clone();
      nearly[0] += (float) (0.001 * random.nextGaussian());
      ask(answered(nearly, random.nextDouble(), null))
          .ifPresent(item -> asked.merge(item.reason(), 1, Integer::sum));
    }

    // then
    assertThat(asked).containsEntry(ReviewReason.UNCERTAIN, 1);
    assertThat(asked.get(ReviewReason.AUDIT)).isBetween(8, 34);
  }

  @Test
  void shouldAskNothingWhenEverythingIsTurnedOff() {
    // given
    sampler = new ReviewSampler(only("none"));
    sampler.answered();

    // then
    assertThat(stream(500, random::nextDouble).items).isEmpty();
    assertThat(ask(unanswered(far()))).isEmpty();
  }

  /** What was asked of a stretch of the stream. */
  private record Asked(int images, List<ReviewItem> items) {

    double share(ReviewReason reason) {
      return items.stream().filter(is(reason)).count() / (double) images;
    }

    double largestMargin(ReviewReason reason, long since) {
      return items.stream()
          .filter(is(reason))
          .filter(item -> item.prediction().image().offset() >= since)
          .mapToDouble(item -> 1 - item.uncertainty())
          .max()
          .orElseThrow();
    }
  }

  private Asked stream(int images, DoubleSupplier margins) {
    List<ReviewItem> items =
        IntStream.range(0, images)
            .mapToObj(i -> ask(answered(near(), margins.getAsDouble(), null)))
            .flatMap(Optional::stream)
            .toList();
    return new Asked(images, items);
  }

  private List<Position> drawn(float[] embedding) {
    return IntStream.range(0, 1000)
        .mapToObj(i -> ask(answered(embedding, 1, null)))
        .flatMap(Optional::stream)
        .filter(is(ReviewReason.AUDIT))
        .map(item -> item.prediction().image())
        .toList();
  }

  private Optional<ReviewItem> ask(ScoredImage image) {
    return sampler.sample("image-" + image.prediction().image().offset(), image);
  }

  private ScoredImage answered(float[] embedding, double margin, @Nullable Shadow shadow) {
    Prediction prediction =
        new Prediction(
            "ant",
            (1 + margin) / 2,
            List.of(new Score("ant", (1 + margin) / 2), new Score("bee", (1 - margin) / 2)),
            margin,
            0.5,
            CHAMPION.version(),
            Heads.BACKBONE,
            new Position(0, offset++, 0),
            TIMINGS,
            shadow,
            null);
    return new ScoredImage(
        prediction, new Embedding(Heads.BACKBONE, embedding), Optional.of(CHAMPION));
  }

  private ScoredImage unanswered(float[] embedding) {
    Prediction prediction =
        new Prediction(
            null,
            null,
            List.of(),
            null,
            null,
            null,
            Heads.BACKBONE,
            new Position(0, offset++, 0),
            TIMINGS,
            null,
            null);
    return new ScoredImage(prediction, new Embedding(Heads.BACKBONE, embedding), Optional.empty());
  }

  /** Within the first half of the dimensions, which the head knows. */
  private float[] near() {
    return somewhere(0);
  }

  /** Within the others. */
  private float[] far() {
    return somewhere(WIDTH / 2);
  }

  private float[] somewhere(int from) {
    float[] values = new float[WIDTH];
    for (int i = from; i < from + WIDTH / 2; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Knows every direction within the first half, if roughly. */
  private static Head head(long version) {
    float[] means = new float[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      means[i * WIDTH + i / 2] = i % 2 == 0 ? 1 : -1;
    }
    Head head = Heads.identity(version, "a", "b", "c", "d", "e", "f", "g", "h");
    return new Head(head.card(), head.layers(), new Centroids(WIDTH, means, new float[] {0, 0.6f}));
  }

  private static Predicate<ReviewItem> is(ReviewReason reason) {
    return item -> item.reason() == reason;
  }

  /** Default shares, for embeddings of which near-duplicates are far rarer than of real ones. */
  private static ReviewConfig settings() {
    return ConfigLoader.defaults().set("review.similarity", 0.9999).load().review();
  }

  /** All reasons turned off but one. */
  private static ReviewConfig only(String share) {
    ConfigLoader loader = ConfigLoader.defaults();
    for (String each :
        List.of(
            "review.uncertain",
            "review.novel",
            "review.disagreement",
            "review.audit",
            "review.noModel")) {
      if (!each.equals(share)) {
        loader.set(each, 0);
      }
    }
    return loader.load().review();
  }
}

package io.afina.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Decision;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.model.Heads;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecidedReviewTest {

  private final Random random = new Random(3);
  private final ReviewSampler sampler =
      new ReviewSampler(ConfigLoader.defaults().set("review.audit", 0).load().review());

  @Test
  void shouldNotAskAboutWhatMayBeUsedUnseen() {
    // when
    long accepted = asked(Decision.ACCEPT);

    // then
    assertThat(accepted).isZero();
    assertThat(asked(Decision.DEFER)).isPositive();
  }

  private long asked(Decision decision) {
    return IntStream.range(0, 200)
        .filter(n -> sampler.sample("image-" + n, image(n, decision)).isPresent())
        .count();
  }

  private ScoredImage image(int n, Decision decision) {
    Prediction prediction =
        new Prediction(
            "ant",
            0.5,
            List.of(new Score("ant", 0.5)),
            random.nextDouble(),
            0.5,
            1L,
            Heads.BACKBONE,
            new Position(0, n, 0),
            new Timings(1, 1, 1),
            null,
            null);
    float[] embedding = {(float) random.nextGaussian(), (float) random.nextGaussian()};
    return new ScoredImage(
        prediction.decided(decision, 0.5),
        new Embedding(Heads.BACKBONE, embedding),
        Optional.of(Heads.identity(1, "ant", "bee")));
  }
}

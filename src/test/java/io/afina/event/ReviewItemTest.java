package io.afina.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Timings;
import io.afina.event.ReviewItem.ReviewReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReviewItemTest {

  private static final Prediction UNANSWERED =
      new Prediction(
          null,
          null,
          List.of(),
          null,
          null,
          null,
          "ab".repeat(32),
          new Position(0, 1, 2),
          new Timings(1, 1, 1),
          null,
          null);

  @Test
  void shouldBringTheEmbeddingAlongSoThatAnotherHeadCanScoreIt() {
    // given
    float[] embedding = {0.5f, -2, 1 / 3f};

    // when
    ReviewItem item = ReviewItem.of(UNANSWERED, ReviewReason.NO_MODEL, 1, embedding);

    // then
    assertThat(item.vector().orElseThrow()).containsExactly(embedding, within(0.001f));
    assertThat(Json.read(Json.write(item), ReviewItem.class)).isEqualTo(item);
  }

  @Test
  void shouldTakeItemsOfEarlierVersionsAndThoseWhoseEmbeddingIsNone() {
    assertThat(new ReviewItem(UNANSWERED, ReviewReason.NO_MODEL, 1, null).vector()).isEmpty();
    assertThat(new ReviewItem(UNANSWERED, ReviewReason.NO_MODEL, 1, "no base64!").vector())
        .isEmpty();
  }
}

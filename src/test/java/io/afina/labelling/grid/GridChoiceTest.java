package io.afina.labelling.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.grid.GridChoice.Chosen;
import io.afina.labelling.queue.QueuedItem;
import io.opentelemetry.api.trace.SpanContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GridChoiceTest {

  private static final String BACKBONE = "ab".repeat(32);

  private final List<QueuedItem> open = new ArrayList<>();

  private QueuedItem asked(String image, String guess, double confidence, float... embedding) {
    return asked(image, BACKBONE, guess, confidence, embedding);
  }

  private QueuedItem asked(
      String image, String backbone, String guess, double confidence, float... embedding) {
    boolean none = guess.isEmpty();
    Prediction prediction =
        new Prediction(
            none ? null : guess,
            none ? null : confidence,
            none ? List.of() : List.of(new Score(guess, confidence)),
            null,
            null,
            none ? null : 1L,
            backbone,
            new Position(0, open.size(), 0),
            new Timings(0, 0, 0),
            null,
            null);
    ReviewItem review =
        embedding.length == 0
            ? new ReviewItem(prediction, ReviewReason.UNCERTAIN, 0.5, null)
            : ReviewItem.of(prediction, ReviewReason.UNCERTAIN, 0.5, embedding);
    QueuedItem item =
        new QueuedItem(
            new RecordId(0, open.size()), image, review, open.size(), SpanContext.getInvalid());
    open.add(item);
    return item;
  }

  private static List<String> images(List<QueuedItem> items) {
    return items.stream().map(QueuedItem::image).toList();
  }

  private Chosen choose(String label, int count) {
    return GridChoice.choose(open, label, count).orElseThrow();
  }

  @Test
  void shouldTakeTheGuessThatMostHaveAndWhatIsMostLikeTheSurest() {
    // given
    asked("far", "bee", 0.6, 0, 1);
    asked("ant", "ant", 0.9, 1, 0);
    asked("near", "bee", 0.5, 1, 0.1f);
    asked("surest", "bee", 0.9, 1, 0);

    // when
    Chosen chosen = GridChoice.choose(open, null, 2).orElseThrow();

    // then
    assertThat(chosen.label()).isEqualTo("bee");
    assertThat(images(chosen.items())).containsExactly("surest", "near");
  }

  @Test
  void shouldTakeTheGuessThatIsWanted() {
    // given
    asked("a", "bee", 0.6, 0, 1);
    asked("b", "bee", 0.6, 0, 1);
    asked("c", "ant", 0.6, 0, 1);

    // then
    assertThat(images(choose("ant", 24).items())).containsExactly("c");
    assertThat(GridChoice.choose(open, "wasp", 24)).isEmpty();
    assertThat(GridChoice.guesses(open)).containsExactly(entry("bee", 2), entry("ant", 1));
  }

  @Test
  void shouldPutWhatHasNoEmbeddingLast() {
    // given
    asked("unknown", "bee", 0.99);
    asked("known", "bee", 0.6, 0, 1);

    // then
    assertThat(images(choose("bee", 24).items())).containsExactly("known", "unknown");
    assertThat(images(choose("bee", 1).items())).containsExactly("known");
  }

  @Test
  void shouldGroupWhatHasNoGuessByHowItLooks() {
    // given
    asked("a", "", 0, 1, 0);
    asked("b", "", 0, 0, 1);
    asked("c", "", 0, 1, 0.1f);

    // when
    Chosen chosen = choose(GridChoice.NO_GUESS, 2);

    // then
    assertThat(images(chosen.items())).containsExactly("a", "c");
  }

  @Test
  void shouldCompareOnlyWhatOneBackboneGave() {
    // given
    asked("same", "bee", 0.6, 1, 0);
    asked("other", "cd".repeat(32), "bee", 0.6, 1, 0);
    asked("longer", "bee", 0.6, 1, 0, 0);

    // then
    assertThat(GridChoice.like(new float[] {1, 0}, BACKBONE, open, 24))
        .extracting(alike -> alike.picture().image())
        .containsExactly("same");
  }

  private static java.util.Map.Entry<String, Integer> entry(String label, int count) {
    return java.util.Map.entry(label, count);
  }
}

package io.afina.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Embedding;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.model.layer.Dense;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two heads that always differ; chance draws what the one knows, the other is asked the rest. */
class HeadComparisonTest {

  private static final Head ONE = heading("ant", "bee");
  private static final Head OTHER = heading("bee", "ant");

  private final Dataset dataset = new Dataset();
  private int count;

  @Test
  void shouldCountEveryCorrectionUntilEnoughAreDrawnByChance() {
    // given
    say(40, "bee", "ant", ReviewReason.UNCERTAIN);
    say(9, "ant", "bee", ReviewReason.AUDIT);

    // when
    HeadComparison early = compare(30, 1000, 10);
    say(1, "ant", "bee", ReviewReason.AUDIT);
    HeadComparison late = compare(30, 1000, 10);

    // then
    assertThat(early).isEqualTo(new HeadComparison(49, false, 9 / 49.0, 40 / 49.0));
    assertThat(early.description()).isEqualTo("49 corrections");
    assertThat(late).isEqualTo(new HeadComparison(10, true, 1, 0));
    assertThat(late.description()).isEqualTo("10 corrections of pictures drawn by chance");
  }

  @Test
  void shouldWaitForAsManyCorrectionsAsItTakes() {
    // given
    say(20, "bee", "ant", null);
    say(9, "ant", "bee", ReviewReason.AUDIT);

    // then
    assertThat(HeadComparison.between(ONE, OTHER, examples(), 30, 1000, 5)).isEmpty();
    say(1, "bee", "ant", null);
    assertThat(compare(30, 1000, 5).examples()).isEqualTo(9);
  }

  @Test
  void shouldLookAtTheNewestOnly() {
    // given
    say(20, "ant", "bee", ReviewReason.AUDIT);
    say(20, "bee", "ant", ReviewReason.AUDIT);

    // then
    assertThat(compare(10, 25, 10)).isEqualTo(new HeadComparison(25, true, 0.2, 0.8));
  }

  @Test
  void shouldCountNoCorrectionThatEitherHeadWasTrainedOn() {
    // given ten corrections that both have learned, ten that the second has, and ten of later
    say(10, "ant", "bee", null);
    say(10, "ant", "bee", null);
    say(10, "bee", "ant", null);
    Head first = upTo(ONE, 110);
    Head second = upTo(OTHER, 120);

    // then
    assertThat(HeadComparison.between(first, second, examples(), 1, 1000, 30))
        .contains(new HeadComparison(10, false, 0, 1));
    assertThat(HeadComparison.between(second, first, examples(), 11, 1000, 30)).isEmpty();
  }

  private HeadComparison compare(int least, int most, int auditLeast) {
    return HeadComparison.between(ONE, OTHER, examples(), least, most, auditLeast).orElseThrow();
  }

  private ExampleSet examples() {
    return dataset.examples(1).orElseThrow();
  }

  /** Corrections in turn of pictures of an ant and of a bee, which people call as they do. */
  private void say(int corrections, String ant, String bee, @Nullable ReviewReason asked) {
    for (int i = 0; i < corrections; i++, count++) {
      boolean first = count % 2 == 0;
      dataset.apply(
          "image-" + count,
          new TrainingExample(
              first ? ant : bee,
              "mia",
              Instant.EPOCH,
              new Embedding(Heads.BACKBONE, first ? new float[] {1, 0} : new float[] {0, 1}),
              asked,
              List.of()),
          0,
          100 + count);
    }
  }

  /** The same head, trained on all that stands before an offset. */
  private static Head upTo(Head head, long offset) {
    HeadCard card = head.card();
    return new Head(
        new HeadCard(
            card.version(),
            card.parent(),
            card.backbone(),
            card.inputs(),
            card.labels(),
            card.temperature(),
            new HeadCard.Training(10, Map.of(0, offset), 1, 0.2, 17, "cpu", 0.1, null),
            card.measures(),
            card.verdict(),
            card.created()),
        head.layers());
  }

  private static Head heading(String ant, String bee) {
    return new Head(
        Heads.card(1, Heads.BACKBONE, 2, ant, bee),
        List.of(Dense.ofRows(2, 2, new float[] {1, 0, 0, 1}, new float[2])));
  }
}

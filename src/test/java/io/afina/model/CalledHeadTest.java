package io.afina.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.label.LabelEdits;
import io.afina.label.LabelTable;
import io.afina.model.layer.Dense;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a head says once its labels are renamed, merged or retired. */
class CalledHeadTest {

  /** Whose outputs are the logarithms of 0.2, 0.3 and 0.5, where the first number is 1. */
  private static final List<Dense> LOGS =
      List.of(
          new Dense(
              2,
              3,
              new float[] {(float) Math.log(2), (float) Math.log(3), (float) Math.log(5), 0, 0, 0},
              new float[3]));

  private static final List<String> AS_LEARNED = List.of("cat 0.50", "bee 0.30", "ant 0.20");

  private final HeadSlot slot = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.anybody());

  @Test
  void shouldScoreByTheLabelsOfNowAtOnceAndAsItLearnedThemOnceThatIsTakenBack() {
    // given: ant, bee and cat with 0.2, 0.3 and 0.5
    LabelEdits edits = new LabelEdits("mia", Instant.EPOCH, "for a test");
    slot.swap(3, Heads.file(new Head(Heads.card(3, Heads.BACKBONE, 2, "ant", "bee", "cat"), LOGS)));
    float[] embedding = {1, 0};
    LabelTable table = LabelTable.EMPTY;
    LabelTable all = table.with(edits.declare(table, List.of("ant", "bee", "cat")));
    slot.called(all);
    assertThat(top(embedding)).isEqualTo(AS_LEARNED);

    // when, then
    slot.called(all.with(edits.merge(all, List.of("ant"), "bee")));
    assertThat(top(embedding)).containsExactlyInAnyOrder("bee 0.50", "cat 0.50");
    slot.called(all.with(edits.retire(all, "cat")));
    assertThat(top(embedding)).containsExactly("bee 0.60", "ant 0.40");
    slot.called(all.with(edits.rename(all, "bee", "Honey bee")));
    slot.swap(4, Heads.file(new Head(Heads.card(4, Heads.BACKBONE, 2, "ant", "bee", "cat"), LOGS)));
    assertThat(top(embedding)).as("a new head too").contains("Honey bee 0.30");
    slot.called(all);
    assertThat(top(embedding)).isEqualTo(AS_LEARNED);
  }

  @Test
  void shouldGiveNoLabelWhereAllAreRetired() {
    LabelEdits edits = new LabelEdits("mia", Instant.EPOCH, "for a test");
    LabelTable all = LabelTable.EMPTY.with(edits.declare(LabelTable.EMPTY, List.of("ant", "bee")));
    LabelTable one = all.with(edits.retire(all, "ant"));
    slot.swap(3, Heads.file(Heads.identity(3, "ant", "bee")));

    slot.called(one.with(edits.retire(one, "bee")));

    assertThat(top(new float[] {1, 2})).isEmpty();
    assertThat(slot.head().orElseThrow().score(new float[] {1, 2}).entropy()).isZero();
  }

  private List<String> top(float[] embedding) {
    return slot.head().orElseThrow().score(embedding).top(5).stream()
        .map(score -> "%s %.2f".formatted(score.label(), score.confidence()))
        .toList();
  }
}

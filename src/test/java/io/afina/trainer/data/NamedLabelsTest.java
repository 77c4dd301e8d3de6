package io.afina.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.Vote;
import io.afina.label.LabelEdits;
import io.afina.label.LabelTable;
import io.afina.model.Head;
import io.afina.model.Heads;
import io.afina.trainer.judge.Evaluation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a dataset makes of labels that were renamed, merged and retired. */
class NamedLabelsTest {

  private static final LabelEdits EDITS = new LabelEdits("mia", Instant.EPOCH, "for a test");

  private final Clusters clusters = new Clusters(0.1).add(3, "ant").add(8, "bee", "cat");
  private final LabelTable declared =
      LabelTable.EMPTY.with(EDITS.declare(LabelTable.EMPTY, List.of("ant", "bee", "cat")));

  @Test
  void shouldSeeMergedLabelsAsOneAndCountThatAsAChange() {
    // given
    long before = clusters.dataset().changes(Heads.BACKBONE);

    // when
    clusters.dataset().called(merged());

    // then
    assertThat(clusters.examples().labels()).containsExactly("ant", "bee");
    assertThat(clusters.examples().counts()).containsExactly(3, 8);
    assertThat(clusters.dataset().countsByLabel()).isEqualTo(Map.of("ant", 3, "bee", 8));
    assertThat(clusters.dataset().changes(Heads.BACKBONE)).isEqualTo(before + 1);

    // when
    clusters.dataset().called(declared);

    // then
    assertThat(clusters.examples().counts()).containsExactly(3, 4, 4);
  }

  @Test
  void shouldCallARenamedLabelByItsNewName() {
    clusters.dataset().called(declared.with(EDITS.rename(declared, "bee", "Wild bee")));

    assertThat(clusters.examples().labels()).containsExactly("Wild bee", "ant", "cat");
  }

  @Test
  void shouldLeaveOutWhatIsRetired() {
    clusters.dataset().called(declared.with(EDITS.retire(declared, "bee")));

    assertThat(clusters.examples().labels()).containsExactly("ant", "cat");
    assertThat(clusters.dataset().size()).as("but keep it").isEqualTo(11);
  }

  @Test
  void shouldAgreeWhereLabellersSaidWhatIsOneNow() {
    // given
    Dataset dataset = new Dataset(Consensus.of("majority:2"));
    for (int n = 0; n < 3; n++) {
      dataset.apply("a" + n, voted("ant", "ant"), 0, n);
      dataset.apply("b" + n, voted("bee", "cat"), 0, 10 + n);
    }
    assertThat(dataset.examples(1)).isEmpty();

    // when
    dataset.called(merged());

    // then
    assertThat(dataset.examples(1).orElseThrow().labels()).containsExactly("ant", "bee");
    assertThat(dataset.disagreement().disputed()).isZero();

    // when
    dataset.called(declared);

    // then
    assertThat(dataset.disagreement().undecided()).isEqualTo(3);
    assertThat(dataset.disagreement().disputed()).isEqualTo(3);
  }

  @Test
  void shouldJudgeAHeadByTheLabelsOfNow() {
    // given a head that takes every cat for a bee
    Head head = Heads.identity(1, "ant", "bee");
    Dataset dataset = new Dataset();
    dataset.apply("a", example(1, 0, "ant"), 0, 0);
    dataset.apply("b", example(0, 1, "bee"), 0, 1);
    dataset.apply("c", example(0, 1, "cat"), 0, 2);
    assertThat(Evaluation.of(head, dataset.examples(1).orElseThrow()).accuracy())
        .isEqualTo(2.0 / 3);

    // when
    dataset.called(merged());

    // then
    assertThat(Evaluation.of(head, dataset.examples(1).orElseThrow()).accuracy()).isEqualTo(1);
  }

  private LabelTable merged() {
    return declared.with(EDITS.merge(declared, List.of("cat"), "bee"));
  }

  private static TrainingExample voted(String mia, String bo) {
    return new TrainingExample(
        bo,
        "bo",
        Instant.EPOCH,
        example(1, 0, bo).embedding(),
        null,
        List.of(new Vote("mia", mia), new Vote("bo", bo)));
  }

  private static TrainingExample example(float one, float other, String label) {
    return new TrainingExample(
        label,
        "mia",
        Instant.EPOCH,
        new io.afina.event.Embedding(Heads.BACKBONE, new float[] {one, other}));
  }
}

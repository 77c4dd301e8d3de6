package io.afina.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.Embedding;
import io.afina.event.MalformedRecordException;
import io.afina.event.TrainingExample;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.model.LeftOut;
import io.afina.trainer.data.Dataset.Selection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatasetTest {

  private static final String OTHER = "cd".repeat(32);

  private final Clusters clusters = new Clusters(0.1);

  @Test
  void shouldTakeLabelsThatDifferInCaseOrSpaceForOne() {
    clusters.add(3, "ant").add(2, "Ant", " ANT ").add(4, "bee");

    ExampleSet examples = clusters.examples();

    assertThat(examples.labels()).containsExactly("ant", "bee");
    assertThat(examples.counts()).containsExactly(5, 4);
  }

  @Test
  void shouldLeaveOutALabelUntilItHasEnoughExamples() {
    clusters.add(6, "ant", "bee").add(2, "cat");
    assertThat(clusters.examples().labels()).containsExactly("ant", "bee");

    clusters.add(1, "cat");
    assertThat(clusters.examples().labels()).containsExactly("ant", "bee", "cat");
  }

  @Test
  void shouldLetALabelGoWhoseExamplesWereWithdrawn() {
    clusters.add(6, "ant", "bee").add(3, "cat");
    clusters.dataset().apply("id-6", null, 0, 9);

    assertThat(clusters.examples().labels()).containsExactly("ant", "bee");
    assertThat(clusters.dataset().size()).isEqualTo(8);
  }

  @Test
  void shouldSelectTheCommonestLabelsAndSayWhatIsLeftOut() {
    // given 5 bees, 4 ants, 3 cats and 3 dogs, of which the cats came first
    clusters.add(3, "cat").add(5, "bee").add(4, "ant").add(3, "dog").add(2, "elk");

    // when
    Selection selection = select(3, 3);

    // then
    assertThat(selection.examples().orElseThrow().labels()).containsExactly("ant", "bee", "cat");
    assertThat(selection.leftOut()).isEqualTo(new LeftOut(1, 3, List.of("dog")));
    assertThat(select(3, 4).leftOut()).isNull();
    assertThat(clusters.dataset().size()).isEqualTo(17);
  }

  @Test
  void shouldLearnALabelThatWasLeftOutOnceItIsCommonEnough() {
    // given
    clusters.add(4, "ant").add(4, "bee").add(3, "cat");
    assertThat(select(3, 2).examples().orElseThrow().labels()).containsExactly("ant", "bee");

    // when
    clusters.add(2, "cat");

    // then
    assertThat(select(3, 2).examples().orElseThrow().labels()).containsExactly("ant", "cat");
  }

  @Test
  void shouldSayWhichOneLabelIsLeft() {
    assertThat(select(3, 9).only()).isEmpty();

    clusters.add(4, "ant").add(1, "bee");

    assertThat(select(3, 9).examples()).isEmpty();
    assertThat(select(3, 9).only()).contains("ant");
  }

  @Test
  void shouldRefuseAnEmbeddingOfAnotherLengthThanTheOthers() {
    clusters.add(6, "ant", "bee");

    assertThatThrownBy(() -> clusters.add("short", "ant", new float[3]))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining("an embedding of 3 numbers, but the others of its backbone have 32");
    assertThat(clusters.examples().size()).isEqualTo(6);
  }

  @Test
  void shouldKeepEmbeddingsApartWhenSlotsAreUsedAgain() {
    clusters.add(400, "ant", "bee");
    for (int i = 0; i < 400; i += 4) {
      clusters.dataset().apply("id-" + i, null, 0, 400 + i);
    }
    clusters.add(100, "cat", "dog");

    ExampleSet examples = clusters.examples();
    for (int row = 0; row < examples.size(); row++) {
      int column = "abcd".indexOf(examples.label(row).charAt(0));
      assertThat(examples.embedding(row)[column]).isGreaterThan(2);
    }
  }

  @Test
  void shouldTellWhatWasSeenBeforeAnOffset() {
    clusters.add(10, "ant", "bee");

    ExampleSet examples = clusters.examples();

    assertThat(examples.learnedBy(upTo(4)).size()).isEqualTo(4);
    assertThat(examples.newTo(upTo(4)).size()).isEqualTo(6);
    assertThat(examples.newTo(upTo(0)).newest(3).examples())
        .extracting(Example::id)
        .containsExactlyInAnyOrder("id-7", "id-8", "id-9");
  }

  @Test
  void shouldTellWhatWasLearnedBeforeItWasWrittenAgainByTheTimeOfItsLabel() {
    // given six examples that a head has learned; three were written again since, three came anew
    clusters.add(6, "ant", "bee");
    HeadCard head = upTo(6);
    for (int n = 0; n < 3; n++) {
      both("id-" + n, "ant", head.begun().minusSeconds(1));
    }
    both("new-0", "bee", head.begun().plusSeconds(1));
    both("new-1", "bee", head.begun().plusSeconds(1));
    clusters.add(1, "ant");

    // when
    ExampleSet examples = clusters.examples(1);

    // then
    assertThat(examples.learnedBy(head).size()).isEqualTo(6);
    assertThat(examples.newTo(head).size()).isEqualTo(3);
    assertThat(clusters.dataset().writtenAgainSince(Map.of(0, 6L))).isEqualTo(5);
  }

  @Test
  void shouldKeepTheEmbeddingsOfTwoBackbonesApart() {
    // given
    clusters.add(6, "ant", "bee");
    both("id-0", "ant", Instant.EPOCH);
    both("id-1", "bee", Instant.EPOCH);

    // when
    ExampleSet old = clusters.examples();
    ExampleSet both = clusters.dataset().examples(List.of(OTHER, Heads.BACKBONE)).orElseThrow();

    // then
    assertThat(clusters.dataset().newestBackbone()).contains(Heads.BACKBONE);
    assertThat(clusters.dataset().lacking(Heads.BACKBONE, OTHER)).isEqualTo(4);
    assertThat(old.size()).isEqualTo(6);
    assertThat(both.embedding(0)).containsExactly(1, 0, 0);
    assertThat(both.embedding(1)).containsExactly(0, 1, 0);
    assertThat(both.in(Heads.BACKBONE).embedding(1)).isEqualTo(old.embedding(1));
    assertThat(old.in(OTHER).examples()).extracting(Example::id).containsExactly("id-0", "id-1");
    assertThat(old.in(OTHER).embedding(1)).containsExactly(0, 1, 0);
    assertThat(old.suit(Heads.card(1, OTHER, 3, "ant", "bee"))).isTrue();
    assertThat(old.suit(Heads.card(1, OTHER, 4, "ant", "bee"))).isFalse();
  }

  @Test
  void shouldCountAsNewsOnlyToTheBackboneWhatIsWrittenAgain() {
    // given
    clusters.add(6, "ant", "bee");
    long old = clusters.dataset().changes(Heads.BACKBONE);

    // when an embedding comes, comes again, and a label is withdrawn
    both("id-0", "ant", Instant.EPOCH);
    both("id-0", "ant", Instant.EPOCH);

    // then
    assertThat(clusters.dataset().changes(Heads.BACKBONE)).isEqualTo(old);
    assertThat(clusters.dataset().changes(OTHER)).isEqualTo(old + 1);
    clusters.dataset().apply("id-0", null, 0, 1001);
    assertThat(clusters.dataset().changes(Heads.BACKBONE)).isEqualTo(old + 1);
  }

  @Test
  void shouldForgetABackboneWithTheLastOfItsEmbeddings() {
    // given
    clusters.add(6, "ant", "bee");
    both("id-0", "ant", Instant.EPOCH);
    assertThat(clusters.examples().blocks()).containsOnlyKeys(Heads.BACKBONE, OTHER);

    // when
    clusters.add("id-0", "ant", clusters.around("ant"));

    // then
    assertThat(clusters.examples().blocks()).containsOnlyKeys(Heads.BACKBONE);
  }

  private Selection select(int fewest, int most) {
    return clusters.dataset().select(List.of(Heads.BACKBONE), fewest, most);
  }

  /** Writes an example again, with the embedding of another backbone beside. */
  private void both(String id, String label, Instant joined) {
    float[] values = label.equals("ant") ? new float[] {1, 0, 0} : new float[] {0, 1, 0};
    List<Embedding> embeddings =
        List.of(
            new Embedding(Heads.BACKBONE, clusters.around(label)), new Embedding(OTHER, values));
    clusters
        .dataset()
        .apply(
            id,
            new TrainingExample(
                label, "mia", Instant.EPOCH, embeddings, null, List.of(), joined, null),
            0,
            1000);
  }

  /** A head that has learned what stands before an offset. */
  private static HeadCard upTo(long offset) {
    HeadCard card = Heads.card(1, Heads.BACKBONE, Clusters.WIDTH, "ant", "bee");
    return new HeadCard(
        card.version(),
        card.parent(),
        card.backbone(),
        card.inputs(),
        card.labels(),
        card.temperature(),
        new HeadCard.Training(6, Map.of(0, offset), 1, 0.2, 17, "cpu", 0.1, null),
        card.measures(),
        card.verdict(),
        card.created());
  }
}

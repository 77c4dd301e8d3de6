package io.afina.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.MalformedRecordException;
import io.afina.model.LeftOut;
import io.afina.trainer.data.Dataset.Selection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatasetTest {

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
    Selection selection = clusters.dataset().select(3, 3);

    // then
    assertThat(selection.examples().orElseThrow().labels()).containsExactly("ant", "bee", "cat");
    assertThat(selection.leftOut()).isEqualTo(new LeftOut(1, 3, List.of("dog")));
    assertThat(clusters.dataset().select(3, 4).leftOut()).isNull();
    assertThat(clusters.dataset().size()).isEqualTo(17);
  }

  @Test
  void shouldLearnALabelThatWasLeftOutOnceItIsCommonEnough() {
    // given
    clusters.add(4, "ant").add(4, "bee").add(3, "cat");
    assertThat(clusters.dataset().select(3, 2).examples().orElseThrow().labels())
        .containsExactly("ant", "bee");

    // when
    clusters.add(2, "cat");

    // then
    assertThat(clusters.dataset().select(3, 2).examples().orElseThrow().labels())
        .containsExactly("ant", "cat");
  }

  @Test
  void shouldSayWhichOneLabelIsLeft() {
    assertThat(clusters.dataset().select(3, 9).only()).isEmpty();

    clusters.add(4, "ant").add(1, "bee");

    assertThat(clusters.dataset().select(3, 9).examples()).isEmpty();
    assertThat(clusters.dataset().select(3, 9).only()).contains("ant");
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

    assertThat(examples.before(Map.of(0, 4L)).size()).isEqualTo(4);
    assertThat(examples.since(Map.of(0, 4L)).size()).isEqualTo(6);
    assertThat(examples.since(Map.of()).newest(3).examples())
        .extracting(Example::id)
        .containsExactlyInAnyOrder("id-7", "id-8", "id-9");
  }
}

package io.afina.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DatasetTest {

  private final Clusters clusters = new Clusters(0.1);

  @Test
  void shouldTakeLabelsThatDifferInCaseOrSpaceForOne() {
    clusters.add(3, "ant").add(2, "Ant", " ANT ").add(4, "bee");

    ExampleSet examples = clusters.examples();

    assertThat(examples.labels()).containsExactly("ant", "bee");
    assertThat(Clusters.counts(examples)).containsExactly(5, 4);
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

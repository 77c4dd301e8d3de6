package io.afina.trainer.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTrainingTest {

  private static final int WIDTH = 32;
  private static final Offset<Float> CLOSE = Offset.offset(1e-3f);

  private final Random random = new Random(5);
  private final Dataset dataset = new Dataset();

  @ParameterizedTest
  @ValueSource(ints = {0, 64})
  void shouldLearnClustersAndSayHowWell(int hidden) {
    // given
    addExamples(60, "ant", "bee", "cat");
    ExampleSet data = dataset.examples(1).orElseThrow();

    // when
    TrainedLayers trained = new HeadTraining(hidden, 1).train(data);

    // then
    Head head = head(trained, data);
    assertThat(trained.accuracy()).isGreaterThan(0.97);
    assertThat(head.layers()).hasSize(hidden == 0 ? 1 : 2);
    for (int label = 0; label < 3; label++) {
      assertThat(head.score(centre(label)).top(1).get(0).label())
          .isEqualTo(data.labels().get(label));
    }
  }

  @Test
  void shouldGiveTheSameHeadForTheSameExamplesAndSeed() {
    addExamples(30, "ant", "bee");
    ExampleSet data = dataset.examples(1).orElseThrow();

    TrainedLayers once = new HeadTraining(16, 3).train(data);
    TrainedLayers again = new HeadTraining(16, 3).train(data);

    assertThat(once.layers().get(0).weights()).isEqualTo(again.layers().get(0).weights());
    assertThat(once.layers().get(1).bias()).isEqualTo(again.layers().get(1).bias());
  }

  @Test
  void shouldLearnALabelThatComesLaterAndKeepTheOthers() {
    // given
    addExamples(40, "ant", "cat");
    ExampleSet before = dataset.examples(1).orElseThrow();
    Head first = head(new HeadTraining(0, 1).train(before), before);

    // when
    addExamples(60, "ant", "bee", "cat");
    ExampleSet after = dataset.examples(1).orElseThrow();
    Head second =
        head(
            new HeadTraining(0, 1).train(after, Optional.of(WarmStart.of(first)), Optional.empty()),
            after);

    // then
    assertThat(second.card().labels()).containsExactly("ant", "bee", "cat");
    assertThat(second.score(centre(0)).top(1).get(0).label()).isEqualTo("ant");
    assertThat(second.score(centre(1)).top(1).get(0).label()).isEqualTo("bee");
    assertThat(second.score(centre(2)).top(1).get(0).label()).isEqualTo("cat");
  }

  @Test
  void shouldKeepRowsOfKnownLabelsWhenItStartsFromAHead() {
    // given
    Head head = Heads.identity(1, "ant", "cat");
    Standardisation none = new Standardisation(new float[2], 1);

    // when
    var layers = WarmStart.of(head).layers(List.of("ant", "bee", "cat"), none);

    // then
    assertThat(layers.get(0).rows()).containsExactly(1, 0, 0, 0, 0, 1);
  }

  @Test
  void shouldUndoFoldingByUnfolding() {
    // given
    addExamples(20, "ant", "bee");
    ExampleSet data = dataset.examples(1).orElseThrow();
    Standardisation standard = Standardisation.of(data);
    TrainedLayers trained = new HeadTraining(0, 1).train(data);

    // when
    var back = standard.fold(standard.unfold(trained.layers()));

    // then
    for (int i = 0; i < WIDTH; i++) {
      assertThat(back.get(0).weights()[i]).isCloseTo(trained.layers().get(0).weights()[i], CLOSE);
    }
    assertThat(back.get(0).bias()[0]).isCloseTo(trained.layers().get(0).bias()[0], CLOSE);
  }

  @Test
  void shouldForgetWithdrawnExamplesAndNeverMixBackbones() {
    // given
    addExamples(10, "ant", "bee");
    assertThat(dataset.size()).isEqualTo(10);

    // when
    dataset.apply("id-0", null, 0, 90);
    dataset.apply("old", example("cd".repeat(32), "ant", centre(0)), 0, 91);
    dataset.apply("new", example(Heads.BACKBONE, "ant", centre(0)), 0, 92);

    // then
    assertThat(dataset.size()).isEqualTo(11);
    assertThat(dataset.examples(1).orElseThrow().size()).isEqualTo(10);
    assertThat(dataset.examples(1).orElseThrow().backbone()).isEqualTo(Heads.BACKBONE);
  }

  @Test
  void shouldNotTrainWithOneLabel() {
    addExamples(10, "ant");
    assertThat(dataset.examples(1)).isEmpty();
  }

  private void addExamples(int count, String... labels) {
    for (int i = 0; i < count; i++) {
      String label = labels[i % labels.length];
      float[] values = centre(List.of("ant", "bee", "cat").indexOf(label));
      for (int c = 0; c < WIDTH; c++) {
        values[c] += 0.5f * (float) random.nextGaussian();
      }
      dataset.apply("id-" + i, example(Heads.BACKBONE, label, values), 0, i);
    }
  }

  private static float[] centre(int label) {
    float[] values = new float[WIDTH];
    values[label] = 3;
    return values;
  }

  private static TrainingExample example(String backbone, String label, float[] values) {
    return new TrainingExample(label, "mia", Instant.EPOCH, new Embedding(backbone, values));
  }

  private static Head head(TrainedLayers trained, ExampleSet data) {
    HeadCard card =
        Heads.card(1, data.backbone(), data.width(), data.labels().toArray(String[]::new));
    return new Head(card, trained.layers());
  }
}

package io.afina.trainer.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.HeadRefusedException;
import io.afina.model.Heads;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Landmarks;
import io.afina.model.layer.Layer;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeadTrainingTest {

  private static final int WIDTH = 32;
  private static final Offset<Float> CLOSE = Offset.offset(1e-3f);

  private final Random random = new Random(5);
  private final Dataset dataset = new Dataset();
  private final HeadTraining training = new HeadTraining(64, 3);

  @ParameterizedTest
  @EnumSource
  void shouldLearnClustersAndSayHowWell(Form form) {
    // given
    addExamples(60, "ant", "bee", "cat");
    ExampleSet data = dataset.examples(1).orElseThrow();

    // when
    TrainedLayers trained = train(form, data, Optional.empty());

    // then
    Head head = head(trained, data);
    assertThat(trained.recipe().form()).isEqualTo(form);
    assertThat(trained.accuracy()).isGreaterThan(0.97);
    for (int label = 0; label < 3; label++) {
      assertThat(head.score(centre(label)).top(1).get(0).label())
          .isEqualTo(data.labels().get(label));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveTheSameHeadForTheSameExamplesAndSeed(Form form) {
    addExamples(30, "ant", "bee");
    ExampleSet data = dataset.examples(1).orElseThrow();

    Head once = head(train(form, data, Optional.empty()), data);
    Head again = head(train(form, data, Optional.empty()), data);

    assertThat(Heads.file(again)).isEqualTo(Heads.file(once));
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveWhatItsFileGives(Form form) throws HeadRefusedException {
    // given
    addExamples(30, "ant", "bee");
    ExampleSet data = dataset.examples(1).orElseThrow();

    // when
    Head head = head(train(form, data, Optional.empty()), data);
    Head read = HeadFile.read(Heads.file(head));

    // then
    assertThat(read.score(centre(1)).probabilities())
        .isEqualTo(head.score(centre(1)).probabilities());
  }

  @ParameterizedTest
  @EnumSource
  void shouldLearnALabelThatComesLaterAndKeepTheOthers(Form form) {
    // given
    addExamples(40, "ant", "cat");
    ExampleSet before = dataset.examples(1).orElseThrow();
    Head first = head(train(form, before, Optional.empty()), before);

    // when
    addExamples(60, "ant", "bee", "cat");
    ExampleSet after = dataset.examples(1).orElseThrow();
    Head second = head(train(form, after, Optional.of(WarmStart.of(first))), after);

    // then
    assertThat(second.card().labels()).containsExactly("ant", "bee", "cat");
    for (int label = 0; label < 3; label++) {
      assertThat(second.score(centre(label)).top(1).get(0).label())
          .isEqualTo(after.labels().get(label));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldTrainOnPicturesThatAreAllTheSame(Form form) {
    for (float value : new float[] {0, 1, 60_000}) {
      // given: as when one picture is published under many ids
      Dataset same = new Dataset();
      for (int n = 0; n < 900; n++) {
        float[] values = new float[WIDTH];
        Arrays.fill(values, value);
        values[0] += (float) (1e-3 * random.nextGaussian());
        same.apply("id-" + n, example(Heads.BACKBONE, n % 3 == 0 ? "ant" : "bee", values), 0, n);
      }
      ExampleSet data = same.examples(1).orElseThrow();

      // when
      Head head = head(train(form, data, Optional.empty()), data);

      // then
      double[] probabilities = head.score(data.embedding(0)).probabilities();
      assertThat(probabilities[0] + probabilities[1]).isCloseTo(1, Offset.offset(1e-3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldScoreAsTheEngineDoes(Form form) {
    // given
    addExamples(30, "ant", "bee", "cat");
    ExampleSet data = dataset.examples(1).orElseThrow();
    TrainedLayers trained = train(form, data, Optional.empty());

    // when
    float[][] logits = training.logits(trained.layers(), data);

    // then
    for (int row = 0; row < data.size(); row++) {
      float[] expected = Layer.logits(trained.layers(), data.embedding(row));
      assertThat(logits[row]).containsExactly(expected, CLOSE);
    }
  }

  @Test
  void shouldTakeAsManyEpochsAgainAsWereChosen() {
    // given
    addExamples(60, "ant", "bee", "cat");
    ExampleSet data = dataset.examples(1).orElseThrow();
    HeadRecipe recipe = new HeadRecipe(Form.HIDDEN, 1, 0);

    // when
    TrainedLayers chosen = training.train(recipe, data, Optional.empty(), Optional.of(data));
    TrainedLayers again = training.train(chosen.recipe(), data, Optional.empty(), Optional.empty());

    // then
    assertThat(chosen.recipe().epochs()).isPositive();
    assertThat(again.recipe()).isEqualTo(chosen.recipe());
    assertThat(Heads.file(head(again, data))).isEqualTo(Heads.file(head(chosen, data)));
  }

  @Test
  void shouldKeepRowsOfKnownLabelsWhenItStartsFromAHead() {
    // given
    Head head = Heads.identity(1, "ant", "cat");

    // when
    Dense layer = WarmStart.of(head).last(List.of("ant", "bee", "cat"));

    // then
    assertThat(layer.rows()).containsExactly(1, 0, 0, 0, 0, 1);
  }

  @Test
  void shouldUndoFoldingByUnfolding() {
    // given
    Standardisation standard =
        new Standardisation(new float[] {1, -2}, 0.5f, new float[] {0.5f, 0.5f});
    Dense layer = Dense.ofRows(2, 2, new float[] {1, 2, 3, 4}, new float[] {5, 6});

    // when
    Dense back = standard.fold(standard.unfold(layer));

    // then
    assertThat(back.weights()).containsExactly(layer.weights(), CLOSE);
    assertThat(back.bias()).containsExactly(layer.bias(), CLOSE);
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
  void shouldTakeLandmarksOverOnlyWhileAllOfThemAreExamples() {
    // given
    addExamples(30, "ant", "bee");
    ExampleSet before = dataset.examples(1).orElseThrow();
    Landmarks first = landmarks(train(Form.KERNEL, before, Optional.empty()));

    // when: another one comes in the place of one that is erased
    float[] erased = before.embedding(0).clone();
    dataset.apply(before.examples().get(0).id(), null, 0, 100);
    dataset.apply("other", example(Heads.BACKBONE, "ant", centre(0)), 0, 101);
    ExampleSet after = dataset.examples(1).orElseThrow();
    WarmStart start =
        new WarmStart(
            before.backbone(),
            before.labels(),
            List.of(first, new Dense(30, 2, new float[60], new float[2])));
    Landmarks second = landmarks(train(Form.KERNEL, after, Optional.of(start)));

    // then
    assertThat(first.all()).anyMatch(row -> Arrays.equals(row, erased));
    assertThat(second.all()).hasSize(30).noneMatch(row -> Arrays.equals(row, erased));
  }

  private static Landmarks landmarks(TrainedLayers trained) {
    return (Landmarks) trained.layers().get(0);
  }

  @Test
  void shouldNotTrainWithOneLabel() {
    addExamples(10, "ant");
    assertThat(dataset.examples(1)).isEmpty();
  }

  private TrainedLayers train(Form form, ExampleSet data, Optional<WarmStart> start) {
    return training.train(new HeadRecipe(form, 10, 0), data, start, Optional.empty());
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

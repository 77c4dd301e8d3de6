package io.afina.trainer.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Heads;
import io.afina.model.Race;
import io.afina.trainer.data.Clusters;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadRaceTest {

  private final HeadTraining training = new HeadTraining(32, 3);

  @Test
  void shouldTakeTheSimplestFormWhereNoOtherIsBetter() {
    // given: clouds that a plane separates
    ExampleSet examples = new Clusters(1).add(300, "ant", "bee", "cat").examples();

    // when
    Race race = HeadRace.run(training, training.recipes(examples, Optional.empty()), examples);

    // then
    assertThat(race.examples()).isEqualTo(300);
    assertThat(race.winner().form()).isEqualTo(Form.DENSE);
    assertThat(race.entrants())
        .extracting(entrant -> entrant.recipe().form())
        .contains(Form.DENSE, Form.KERNEL);
  }

  @Test
  void shouldHaveAHiddenLayerRaceWhereItIsWorthItsTime() {
    assertThat(forms(600)).contains(Form.HIDDEN);
    assertThat(forms(300)).doesNotContain(Form.HIDDEN);
    assertThat(new HeadTraining(1 << 24, 3).recipes(ringAndMiddle(600), Optional.empty()))
        .extracting(HeadRecipe::form)
        .doesNotContain(Form.HIDDEN);
  }

  private List<Form> forms(int examples) {
    return training.recipes(ringAndMiddle(examples), Optional.empty()).stream()
        .map(HeadRecipe::form)
        .toList();
  }

  @Test
  void shouldTakeAnotherFormWhereNoPlaneSeparates() {
    // given
    ExampleSet examples = ringAndMiddle(300);

    // when
    Race race = HeadRace.run(training, training.recipes(examples, Optional.empty()), examples);

    // then
    assertThat(race.winner().form()).isNotEqualTo(Form.DENSE);
    assertThat(accuracy(race)).isGreaterThan(0.9);
  }

  @Test
  void shouldRaceWithTheFixedFormAlone() {
    ExampleSet examples = ringAndMiddle(100);

    Race race =
        HeadRace.run(training, training.recipes(examples, Optional.of(Form.DENSE)), examples);

    assertThat(race.winner().form()).isEqualTo(Form.DENSE);
    assertThat(race.entrants()).allMatch(entrant -> entrant.recipe().form() == Form.DENSE);
  }

  @Test
  void shouldTakeMeansOfFewExamples() {
    ExampleSet examples = new Clusters(1).add(9, "ant", "bee", "cat").examples();

    Race race = HeadRace.run(training, training.recipes(examples, Optional.empty()), examples);

    assertThat(race.winner().form()).isIn(Form.MEANS, Form.DENSE);
    assertThat(race.entrants())
        .extracting(entrant -> entrant.recipe().form())
        .doesNotContain(Form.KERNEL, Form.HIDDEN);
  }

  @Test
  void shouldAnswerWithoutARaceWhereEveryLabelHasOneExample() {
    Dataset dataset = new Dataset();
    add(dataset, "a", "ant", 1, 0);
    add(dataset, "b", "bee", 0, 1);
    ExampleSet examples = dataset.examples(1).orElseThrow();

    Race race = HeadRace.run(training, training.recipes(examples, Optional.empty()), examples);

    assertThat(race.entrants()).isEmpty();
    assertThat(race.winner().form()).isEqualTo(Form.MEANS);
  }

  @Test
  void shouldNeverTrainOnWhatItJudgesBy() {
    // given
    ExampleSet examples = new Clusters(1).add(203, "ant", "bee", "cat").examples();

    // when
    List<RaceSplit> splits = RaceSplit.of(examples);

    // then
    Set<String> judged = new HashSet<>();
    for (RaceSplit split : splits) {
      Set<String> known = ids(split.known());
      assertThat(ids(split.unseen())).isNotEmpty().doesNotContainAnyElementsOf(known);
      assertThat(split.known().size() + split.unseen().size()).isEqualTo(203);
      judged.addAll(ids(split.unseen()));
    }
    assertThat(judged).hasSize(203);
  }

  @Test
  void shouldNotRewardAFormThatRemembers() {
    // given: labels that no embedding tells
    Random random = new Random(9);
    Dataset dataset = new Dataset();
    for (int n = 0; n < 300; n++) {
      add(
          dataset,
          "id-" + n,
          random.nextBoolean() ? "ant" : "bee",
          (float) random.nextGaussian(),
          (float) random.nextGaussian());
    }
    ExampleSet examples = dataset.examples(1).orElseThrow();

    // when
    Race race = HeadRace.run(training, training.recipes(examples, Optional.empty()), examples);

    // then
    assertThat(race.entrants()).allMatch(entrant -> entrant.accuracy() < 0.6);
    assertThat(race.entrants()).allMatch(entrant -> entrant.loss() > 0.65);
  }

  private static double accuracy(Race race) {
    return race.entrants().stream()
        .filter(entrant -> entrant.recipe().equals(race.winner()))
        .mapToDouble(Race.Entrant::accuracy)
        .findFirst()
        .orElse(0);
  }

  private static Set<String> ids(ExampleSet examples) {
    Set<String> ids = new HashSet<>();
    IntStream.range(0, examples.size()).forEach(row -> ids.add(examples.examples().get(row).id()));
    return ids;
  }

  private static ExampleSet ringAndMiddle(int examples) {
    Random random = new Random(5);
    Dataset dataset = new Dataset();
    for (int n = 0; n < examples; n++) {
      double radius = n % 2 == 0 ? 2 + random.nextDouble() : random.nextDouble();
      double angle = 2 * Math.PI * random.nextDouble();
      add(
          dataset,
          "id-" + n,
          n % 2 == 0 ? "ring" : "middle",
          (float) (radius * Math.cos(angle)),
          (float) (radius * Math.sin(angle)));
    }
    return dataset.examples(1).orElseThrow();
  }

  private static void add(Dataset dataset, String id, String label, float x, float y) {
    Embedding embedding = new Embedding(Heads.BACKBONE, new float[] {x, y});
    dataset.apply(id, new TrainingExample(label, null, Instant.EPOCH, embedding), 0, 0);
  }
}

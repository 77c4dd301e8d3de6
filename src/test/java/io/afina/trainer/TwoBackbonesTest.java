package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.Heads;
import io.afina.model.Verdict;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.judge.Evaluation;
import io.afina.trainer.judge.Gate;
import io.afina.trainer.judge.Holdout;
import io.afina.trainer.judge.PairedEvaluation;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A candidate of one backbone beside a champion of another. */
class TwoBackbonesTest {

  private static final String OLD = Heads.BACKBONE;
  private static final String NEW = "cd".repeat(32);
  private static final int IMAGES = 400;
  private static final Verdict PROMOTED = new Verdict(Verdict.Decision.PROMOTED, "for a test");

  private final TrainerConfig settings =
      ConfigLoader.defaults().set("trainer.head", "dense").load().trainer();
  private final CandidateTrainer trainer = new CandidateTrainer(settings);
  private final Gate gate = new Gate(settings.maxAccuracyLoss(), settings.maxLabelRegression());
  private final Dataset dataset = new Dataset();
  private final Map<String, Double> noise = new HashMap<>();

  @Test
  void shouldJudgeBothByTheImagesThatHaveBothEmbeddings() {
    // given
    noise(0.7, 0.2);
    label(0, IMAGES, null, OLD);
    Head champion = champion();
    label(0, IMAGES - 40, Instant.EPOCH, OLD, NEW);
    label(IMAGES, IMAGES + 60, null, NEW);

    // when
    ExampleSet all = of(NEW);
    Candidate candidate = trainer.train(all, Optional.of(champion));

    // then
    ExampleSet judges = Holdout.split(all, settings.holdoutShare()).holdout();
    PairedEvaluation paired = candidate.paired().orElseThrow();
    assertThat(all.size()).isEqualTo(IMAGES + 20);
    assertThat(candidate.measures().examples()).isEqualTo(judges.size());
    assertThat(paired.examples()).isEqualTo(judges.in(OLD).size()).isLessThan(judges.size());
    assertThat(paired.candidate()).isGreaterThan(paired.champion());
    assertThat(gate.rejection(paired)).isEmpty();
    assertThat(candidate.parent()).isNull();
    Head head = trainer.head(candidate, 2, Map.of(0, 1000L), null, null, 0.1, PROMOTED);
    assertThat(head.card().backbone()).isEqualTo(NEW);
    assertThat(head.card().inputs()).isEqualTo(8);
  }

  @Test
  void shouldRefuseABackboneThatIsWorse() {
    // given
    noise(0.1, 3);
    label(0, IMAGES, null, OLD);
    Head champion = champion();
    label(0, IMAGES, Instant.EPOCH, OLD, NEW);

    // then
    assertThat(gate.rejection(trainer.train(of(NEW), Optional.of(champion)).paired().orElseThrow()))
        .isPresent();
  }

  @Test
  void shouldNotLetAChampionReciteWhatWasWrittenAgainWhenAnotherTrainerLeads() {
    // given noise that a head can only have learned by heart
    noise(100, 100);
    label(0, 120, null, OLD);
    Head champion = champion();
    double byHeart = Evaluation.of(champion, of(OLD)).accuracy();

    // when
    label(0, 120, Instant.EPOCH, OLD, NEW);
    Candidate candidate = new CandidateTrainer(settings).train(of(NEW), Optional.of(champion));

    // then
    assertThat(byHeart).isGreaterThan(0.5);
    assertThat(candidate.paired().orElseThrow().champion()).isLessThan(byHeart - 0.1);
  }

  @Test
  void shouldJudgeACandidateAloneWhereNoImageHasBothEmbeddings() {
    // given
    label(0, IMAGES, null, OLD);
    Head champion = champion();
    label(0, IMAGES, null, NEW);

    // then
    assertThat(trainer.train(of(NEW), Optional.of(champion)).paired()).isEmpty();
  }

  private Head champion() {
    Candidate candidate = trainer.train(of(OLD), Optional.empty());
    return trainer.head(candidate, 1, Map.of(0, 1000L), null, null, 0, PROMOTED);
  }

  private ExampleSet of(String backbone) {
    return dataset.examples(List.of(backbone)).orElseThrow();
  }

  /** How far embeddings deviate from what the label says. */
  private void noise(double old, double other) {
    noise.put(OLD, old);
    noise.put(NEW, other);
  }

  /** Labels images, or writes their examples again. */
  private void label(int from, int to, @Nullable Instant joined, String... backbones) {
    for (int n = from; n < to; n++) {
      int image = n;
      List<Embedding> embeddings =
          List.of(backbones).stream().map(backbone -> embedding(backbone, image)).toList();
      TrainingExample example =
          new TrainingExample(
              "label " + n % 4, "mia", Instant.EPOCH, embeddings, null, List.of(), joined, null);
      dataset.apply("image-" + n, example, 0, joined == null ? n : 10_000 + n);
    }
  }

  /** Always the same for an image and a backbone. */
  private Embedding embedding(String backbone, int image) {
    Random random = new Random(31L * image + backbone.hashCode());
    float[] values = new float[backbone.equals(NEW) ? 8 : 64];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (noise.getOrDefault(backbone, 0.3) * random.nextGaussian());
    }
    values[image % 4] += 1;
    return new Embedding(backbone, values);
  }
}

package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Heads;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.judge.Holdout;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Labels that chance gave to noise: whoever has seen an example may know it by heart, and whoever
 * has not is right in a quarter of the cases.
 */
class UnseenJudgesTest {

  private static final List<String> LABELS = List.of("ant", "bee", "cat", "dog");
  private static final Verdict PROMOTED = new Verdict(Verdict.Decision.PROMOTED, "for a test");
  private static final int WIDTH = 512;

  private final Random random = new Random(29);
  private final Dataset dataset = new Dataset();
  private long count;

  @ParameterizedTest
  @EnumSource(Form.class)
  void shouldJudgeByWhatNeitherHeadHadSeenFormByForm(Form form) {
    // given
    TrainerConfig settings = settings(form.text());
    CandidateTrainer leader = new CandidateTrainer(settings);
    Optional<Head> champion = Optional.empty();

    // when heads are made while there are few examples, then while there are many, each from the
    // one before, and then by another leader
    for (int round = 1; round <= 6; round++) {
      CandidateTrainer trainer = round < 6 ? leader : new CandidateTrainer(settings);
      ExampleSet all = more(round == 3 ? 160 : 60);
      Candidate candidate = trainer.train(all, champion);

      // then
      boolean few = Holdout.split(all, settings.holdoutShare()).holdout().size() < 30;
      assertThat(candidate.measures().method())
          .isEqualTo(few ? Method.CROSS_VALIDATION : Method.HOLDOUT);
      assertThat(candidate.trained().recipe().form()).isEqualTo(form);
      assertThat(candidate.trained().accuracy()).as("by heart").isGreaterThan(chance(all.size()));
      assertThat(candidate.measures().accuracy()).as("round %d", round).isLessThan(chance(60));
      candidate
          .paired()
          .ifPresent(
              paired -> assertThat(paired.champion()).as("the champion").isLessThan(chance(60)));
      champion =
          Optional.of(trainer.head(candidate, round, Map.of(0, count), null, null, 0, PROMOTED));
    }
  }

  @Test
  void shouldCompareByNothingThatAStandInHasSeenWhenALabelGetsItsFirstJudge() {
    // given labels that have few examples, a first of which judges at some time
    TrainerConfig settings = settings("dense");
    CandidateTrainer trainer = new CandidateTrainer(settings);
    ExampleSet before = rare(300);
    Candidate first = trainer.train(before, Optional.empty());
    Head champion = trainer.head(first, 1, Map.of(0, count), null, null, 0, PROMOTED);
    StandIn kept = first.standIn().orElseThrow();

    // when
    ExampleSet after = rare(100);
    Holdout.Split split = Holdout.split(after, settings.holdoutShare());

    // then
    assertThat(kept.hasSeen(Holdout.split(before, settings.holdoutShare()).holdout())).isFalse();
    assertThat(kept.hasSeen(split.holdout())).isTrue();
    assertThat(trainer.representative(champion, split).orElseThrow().hasSeen(split.holdout()))
        .isFalse();
  }

  /** A quarter, and four standard errors of so many answers. */
  private static double chance(int answers) {
    return 0.25 + 4 * Math.sqrt(0.25 * 0.75 / answers);
  }

  private static TrainerConfig settings(String form) {
    return ConfigLoader.defaults()
        .set("trainer.head", form)
        .set("trainer.hidden", 64)
        .load()
        .trainer();
  }

  private ExampleSet more(int examples) {
    for (int n = 0; n < examples; n++) {
      add(LABELS.get(random.nextInt(LABELS.size())));
    }
    return dataset.examples(1).orElseThrow();
  }

  private ExampleSet rare(int examples) {
    for (int n = 0; n < examples; n++) {
      add("label " + random.nextInt(50));
    }
    return dataset.examples(1).orElseThrow();
  }

  private void add(String label) {
    float[] values = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Embedding embedding = new Embedding(Heads.BACKBONE, values);
    dataset.apply(
        "image-" + count, new TrainingExample(label, null, Instant.EPOCH, embedding), 0, count);
    count++;
  }
}

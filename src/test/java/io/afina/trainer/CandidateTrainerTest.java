package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.model.Head;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
import io.afina.model.layer.Dense;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Clusters;
import io.afina.trainer.judge.Evaluation;
import io.afina.trainer.judge.Gate;
import io.afina.trainer.judge.Holdout;
import io.afina.trainer.judge.PairedEvaluation;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CandidateTrainerTest {

  private static final Verdict PROMOTED = new Verdict(Verdict.Decision.PROMOTED, "for a test");

  private final TrainerConfig settings = ConfigLoader.defaults().load().trainer();
  private final CandidateTrainer trainer = new CandidateTrainer(settings);
  private final Gate gate = new Gate(settings.maxAccuracyLoss(), settings.maxLabelRegression());

  @Test
  void shouldJudgeFewExamplesByCrossValidationAndTrainOnAll() {
    Clusters clusters = new Clusters(0.5).add(30, "ant", "bee", "cat");

    Candidate candidate = trainer.train(clusters.examples(), Optional.empty());

    assertThat(candidate.measures().method()).isEqualTo(Method.CROSS_VALIDATION);
    assertThat(candidate.measures().examples()).isEqualTo(30);
    assertThat(candidate.measures().accuracy()).isGreaterThan(0.9);
    assertThat(candidate.examples().size()).isEqualTo(30);
  }

  @Test
  void shouldJudgeManyExamplesByTheHoldoutAndNotTrainOnIt() {
    Clusters clusters = new Clusters(0.5).add(400, "ant", "bee", "cat");

    Candidate candidate = trainer.train(clusters.examples(), Optional.empty());

    assertThat(candidate.measures().method()).isEqualTo(Method.HOLDOUT);
    assertThat(candidate.measures().examples() + candidate.examples().size()).isEqualTo(400);
    assertThat(candidate.measures().labels()).hasSize(3).allMatch(label -> label.recall() > 0.9);
  }

  @Test
  void shouldMakeConfidencesMeanMoreThanBefore() {
    Clusters clusters = new Clusters(2.0).add(900, "ant", "bee", "cat");

    Candidate candidate = trainer.train(clusters.examples(), Optional.empty());

    assertThat(candidate.temperature()).isNotEqualTo(1);
    assertThat(candidate.measures().ece())
        .isLessThanOrEqualTo(candidate.measures().eceUncalibrated());
  }

  @Test
  void shouldCountALabelThatTheChampionDoesNotKnowAgainstIt() {
    // given
    Clusters clusters = new Clusters(0.5).add(300, "ant", "bee");
    Head champion = head(trainer.train(clusters.examples(), Optional.empty()), 1, 300);

    // when
    clusters.add(100, "cat");
    Candidate candidate = trainer.train(clusters.examples(), Optional.of(champion));

    // then
    PairedEvaluation paired = candidate.paired().orElseThrow();
    assertThat(paired.candidate()).isEqualTo(candidate.measures().balancedAccuracy());
    assertThat(paired.champion()).isLessThan(paired.candidate());
    assertThat(gate.rejection(paired)).isEmpty();
  }

  @Test
  void shouldRefuseAHeadThatLearnedFromWrongLabels() {
    // given
    Clusters clusters = new Clusters(0.5).add(400, "ant", "bee");
    Head champion = head(trainer.train(clusters.examples(), Optional.empty()), 1, 400);

    // when
    clusters.addMislabelled(150, "ant", "bee");
    Candidate candidate = trainer.train(clusters.examples(), Optional.of(champion));

    // then
    assertThat(candidate.measures().labels())
        .filteredOn(label -> label.label().equals("bee"))
        .allMatch(label -> label.recall() < 0.9);
    assertThat(gate.rejection(candidate.paired().orElseThrow())).isPresent();
  }

  @Test
  void shouldNotLetAChampionThatSawTheHoldoutJudgeByIt() {
    // given a champion that was trained on all, and noise that it could only have learned by heart
    Clusters clusters = new Clusters(3.0).add(140, "ant", "bee", "cat", "dog");
    Head champion = head(trainer.train(clusters.examples(), Optional.empty()), 1, 140);
    double byHeart =
        Evaluation.of(champion, Holdout.split(clusters.examples(), 0.2).holdout()).accuracy();

    // when
    clusters.add(160, "ant", "bee", "cat", "dog");
    Candidate candidate = trainer.train(clusters.examples(), Optional.of(champion));

    // then
    assertThat(candidate.measures().method()).isEqualTo(Method.HOLDOUT);
    assertThat(candidate.paired().orElseThrow().champion()).isLessThan(byHeart);
    assertThat(candidate.parent()).isNull();
  }

  @Test
  void shouldGiveTheSameHeadAndTheSameMeasuresForTheSameExamplesAndSeed() {
    Clusters clusters = new Clusters(1.0).add(200, "ant", "bee", "cat");

    Candidate once = trainer.train(clusters.examples(), Optional.empty());
    Candidate again = new CandidateTrainer(settings).train(clusters.examples(), Optional.empty());

    assertThat(again.measures()).isEqualTo(once.measures());
    assertThat(again.temperature()).isEqualTo(once.temperature());
    assertThat(((Dense) again.trained().layers().get(0)).weights())
        .isEqualTo(((Dense) once.trained().layers().get(0)).weights());
  }

  private Head head(Candidate candidate, long version, long offset) {
    return trainer.head(candidate, version, Map.of(0, offset), null, null, 0.1, PROMOTED);
  }
}

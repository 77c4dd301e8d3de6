package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.config.DecideConfig;
import io.afina.config.TrainerConfig;
import io.afina.decide.Acceptance;
import io.afina.event.Prediction;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadRecipe;
import io.afina.model.Heads;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
import io.afina.model.layer.Dense;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Clusters;
import io.afina.trainer.judge.Evaluation;
import io.afina.trainer.judge.Gate;
import io.afina.trainer.judge.Holdout;
import io.afina.trainer.judge.Holdout.Split;
import io.afina.trainer.judge.PairedEvaluation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  void shouldJudgeManyExamplesByTheHoldoutAndTrainOnAll() {
    Clusters clusters = new Clusters(0.5).add(400, "ant", "bee", "cat");

    Candidate candidate = trainer.train(clusters.examples(), Optional.empty());

    assertThat(candidate.measures().method()).isEqualTo(Method.HOLDOUT);
    assertThat(candidate.measures().examples())
        .isEqualTo(Holdout.split(clusters.examples(), 0.2).holdout().size());
    assertThat(candidate.examples().size()).isEqualTo(400);
    assertThat(candidate.measures().labels()).hasSize(3).allMatch(label -> label.recall() > 0.9);
  }

  @Test
  void shouldLetAllExamplesJudgeWhatMayBeUsedUnseen() {
    // given
    DecideConfig decide = new DecideConfig(0.9, Map.of());
    Clusters clusters = new Clusters(0.5).add(400, "ant", "bee", "cat");

    // when
    Candidate candidate =
        new CandidateTrainer(settings, decide).train(clusters.examples(), Optional.empty());

    // then
    Acceptance acceptance = Objects.requireNonNull(candidate.acceptance());
    assertThat(acceptance.answers()).isEqualTo(400);
    assertThat(acceptance.threshold()).isNotNull();
    assertThat(head(candidate, 1, 400).card().acceptance()).isEqualTo(acceptance);
    assertThat(trainer.train(clusters.examples(), Optional.empty()).acceptance()).isNull();
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
    clusters.addMislabelled(260, "ant", "bee");
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
    CandidateTrainer trainer =
        new CandidateTrainer(ConfigLoader.defaults().set("trainer.head", "dense").load().trainer());
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
    assertThat(candidate.parent()).isEqualTo(1);
  }

  @Test
  void shouldAskAChampionItselfThatIsOlderThanStandIns() {
    // given one that says no recipe, and takes each for the other
    Clusters clusters = new Clusters(0.5).add(300, "ant", "bee");
    HeadCard card = head(trainer.train(clusters.examples(), Optional.empty()), 1, 300).card();
    float[] rows = new float[2 * Clusters.WIDTH];
    rows[1] = 1;
    rows[Clusters.WIDTH] = 1;
    Head older =
        new Head(
            new HeadCard(
                1,
                null,
                card.backbone(),
                card.inputs(),
                card.labels(),
                1,
                new HeadCard.Training(240, Map.of(0, 300L), 1, 0.2, 17, "cpu", 0.1, null),
                card.measures(),
                PROMOTED,
                card.created()),
            List.of(Dense.ofRows(Clusters.WIDTH, 2, rows, new float[2])));

    // when
    Candidate candidate = trainer.train(clusters.examples(), Optional.of(older));

    // then
    assertThat(candidate.paired().orElseThrow().champion()).isLessThan(0.1);
    assertThat(candidate.measures().accuracy()).isGreaterThan(0.9);
  }

  @Test
  void shouldKeepTheStandInOfAChampionThatWasPublishedAndRead() throws Exception {
    // given
    Clusters clusters = new Clusters(0.5).add(300, "ant", "bee");
    Candidate candidate = trainer.train(clusters.examples(), Optional.empty());
    Head champion = HeadFile.read(Heads.file(head(candidate, 1, 300)));
    StandIn kept = candidate.standIn().orElseThrow();

    // when
    clusters.add(20, "ant", "bee");
    Split split = Holdout.split(clusters.examples(), settings.holdoutShare());

    // then
    assertThat(trainer.representative(champion, split).orElseThrow()).isSameAs(kept);
    assertThat(new CandidateTrainer(settings).representative(champion, split).orElseThrow())
        .isNotSameAs(kept);
  }

  @Test
  void shouldLearnALabelFromItsFirstExample() {
    // given
    Clusters clusters = new Clusters(0.3).add(240, "ant", "bee", "cat", "dog");
    Head champion = head(trainer.train(clusters.examples(1), Optional.empty()), 1, 240);

    // when
    clusters.add(1, "elk");
    Candidate candidate = trainer.train(clusters.examples(1), Optional.of(champion));

    // then
    assertThat(gate.rejection(candidate.paired().orElseThrow())).isEmpty();
    Head head = head(candidate, 2, 241);
    assertThat(head.card().training().young()).isEqualTo(Map.of("elk", 1));
    assertThat(head.score(clusters.around("elk")).top(2))
        .extracting(Prediction.Score::label)
        .contains("elk");
  }

  @Test
  void shouldNotLetTheOnlyExampleOfALabelJudge() {
    Clusters clusters = new Clusters(0.3).add(20, "ant", "bee").add(1, "cat");

    Candidate candidate = trainer.train(clusters.examples(1), Optional.empty());

    assertThat(candidate.measures().examples()).isEqualTo(20);
    assertThat(candidate.examples().labels()).contains("cat");
  }

  @Test
  void shouldMakeAHeadOfPicturesThatAreAllTheSame() {
    Clusters same =
        new Clusters(0).addMislabelled(400, "ant", "bee").addMislabelled(400, "cat", "bee");

    Candidate candidate = trainer.train(same.examples(1), Optional.empty());

    assertThat(candidate.choice().race().forms()).contains(HeadRecipe.Form.HIDDEN);
    assertThat(candidate.measures().accuracy()).isBetween(0.3, 0.7);
    assertThat(gate.rejection(candidate.measures())).isPresent();
  }

  @Test
  void shouldLetAFirstHeadAnswerThatNothingCanJudge() {
    Clusters clusters = new Clusters(0.3).add(2, "ant", "bee");

    Candidate candidate = trainer.train(clusters.examples(1), Optional.empty());

    assertThat(candidate.measures().examples()).isZero();
    assertThat(candidate.temperature()).isEqualTo(1);
    assertThat(gate.rejection(candidate.measures())).isEmpty();
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

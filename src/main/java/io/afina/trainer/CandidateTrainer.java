package io.afina.trainer;

import io.afina.config.DecideConfig;
import io.afina.config.TrainerConfig;
import io.afina.decide.Acceptance;
import io.afina.decide.AcceptanceFactory;
import io.afina.model.Centroids;
import io.afina.model.Disagreement;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.LeftOut;
import io.afina.model.Measures;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
import io.afina.trainer.RecipeChoice.Choice;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.CentroidFitter;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.TrainedLayers;
import io.afina.trainer.fit.WarmStart;
import io.afina.trainer.judge.Calibration;
import io.afina.trainer.judge.Evaluation;
import io.afina.trainer.judge.Holdout;
import io.afina.trainer.judge.Holdout.Split;
import io.afina.trainer.judge.PairedEvaluation;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trains a candidate on all examples and evaluates it beside the champion. Those that judge have
 * been seen neither by what they judge nor by the choice of its recipe: stand-ins are compared,
 * trained on the others, and then the candidate is trained on all by the recipe that was chosen. Of
 * enough examples a share judges, the same for ever; few judge in turn, fold by fold. A champion of
 * another backbone is judged by the same images, each head by its own backbone's embeddings.
 */
class CandidateTrainer {

  /** A smaller holdout says too little: one example would be more than three points. */
  private static final int SMALLEST_HOLDOUT = 30;

  private static final int FOLDS = 5;

  private final TrainerConfig settings;
  private final HeadTraining training;
  private final Fitting fitting;
  private final RecipeChoice choices;
  private final StandIns standIns;
  private final AcceptanceJudge acceptances;

  /** One that promises nothing of predictions. */
  CandidateTrainer(TrainerConfig settings) {
    this(settings, new DecideConfig(null, Map.of()));
  }

  CandidateTrainer(TrainerConfig settings, DecideConfig decide) {
    this.settings = settings;
    this.training =
        new HeadTraining(settings.hidden(), settings.seed(), TrainingCheck.device(settings));
    this.fitting = new Fitting(training);
    this.choices = new RecipeChoice(settings, training);
    this.standIns = new StandIns(training, settings.holdoutShare());
    this.acceptances = new AcceptanceJudge(AcceptanceFactory.of(decide), training);
  }

  /**
   * A candidate and its evaluation.
   *
   * @param examples that it was trained on
   * @param parent version of the champion that was its warm start, or null
   * @param choice how its recipe was chosen
   * @param measures of its stand-ins
   * @param paired their evaluation beside the champion's, where there is a champion and something
   *     that judges both
   * @param standIn its own, where a share of the examples judged
   * @param acceptance which predictions may be used unseen, where something is promised
   */
  record Candidate(
      ExampleSet examples,
      TrainedLayers trained,
      Centroids centroids,
      @Nullable Long parent,
      Choice choice,
      double temperature,
      Measures measures,
      Optional<PairedEvaluation> paired,
      Optional<StandIn> standIn,
      @Nullable Acceptance acceptance) {}

  /** Searches by the same training. */
  SuspectSearch suspects() {
    return new SuspectSearch(training);
  }

  void warmUp() {
    training.warmUp();
  }

  /**
   * Trains and evaluates a candidate.
   *
   * @param champion that it is compared with, or empty
   */
  Candidate train(ExampleSet all, Optional<Head> champion) {
    standIns.keepOnly(champion);
    Split split = Holdout.split(all, settings.holdoutShare());
    return split.holdout().size() < SMALLEST_HOLDOUT
        ? crossValidated(all, champion)
        : heldOut(all, split, champion);
  }

  private Candidate heldOut(ExampleSet all, Split split, Optional<Head> champion) {
    Choice choice = choices.among(split.train(), champion.filter(head -> isOf(head, all)));
    Optional<StandIn> before = champion.flatMap(head -> representative(head, split));
    TrainedLayers trained = fitting.fit(choice.recipe(), split.train(), before.map(StandIn::start));
    StandIn standIn = StandIn.of(split.train(), trained);
    Evaluation own = new Evaluation();
    standIn.addTo(own, split.holdout());
    Evaluation champions = new Evaluation();
    champion.ifPresent(
        head -> before.orElseGet(() -> StandIn.of(head)).addTo(champions, split.holdout()));
    return candidate(
        all, choice.by(trained), champion, Method.HOLDOUT, own, champions, Optional.of(standIn));
  }

  /** Who represents a champion before the examples that judge; empty where only itself can. */
  Optional<StandIn> representative(Head champion, Split split) {
    return standIns.of(champion, split);
  }

  private Candidate crossValidated(ExampleSet all, Optional<Head> champion) {
    int[] folds = Holdout.folds(all, FOLDS);
    int[] counts = all.counts();
    Evaluation own = new Evaluation();
    Evaluation champions = new Evaluation();
    for (int n = 0; n < FOLDS; n++) {
      int fold = n;
      ExampleSet rest = all.where(row -> folds[row] != fold);
      // The only example of a label cannot judge what learns that label from it.
      ExampleSet unseen = all.where(row -> folds[row] == fold && counts[all.targets()[row]] > 1);
      if (rest.labels().size() > 1 && unseen.size() > 0) {
        StandIn.of(rest, train(choices.among(rest), rest)).addTo(own, unseen);
        champion.ifPresent(
            head ->
                standIns
                    .trained(head, rest)
                    .orElseGet(() -> StandIn.of(head))
                    .addTo(champions, unseen));
      }
    }
    return candidate(
        all,
        choices.among(all),
        champion,
        Method.CROSS_VALIDATION,
        own,
        champions,
        Optional.empty());
  }

  private TrainedLayers train(Choice choice, ExampleSet examples) {
    return training.train(choice.recipe(), examples, Optional.empty(), Optional.empty());
  }

  /** Trains the candidate itself, on all, from the champion's weights. */
  private Candidate candidate(
      ExampleSet all,
      Choice choice,
      Optional<Head> champion,
      Method method,
      Evaluation own,
      Evaluation champions,
      Optional<StandIn> standIn) {
    Optional<Head> start = champion.filter(head -> isOf(head, all) && isOf(head, choice));
    TrainedLayers trained = fitting.fit(choice.recipe(), all, start.map(WarmStart::of));
    double temperature = Calibration.temperature(own);
    return new Candidate(
        all,
        trained,
        CentroidFitter.fit(all),
        start.map(Head::version).orElse(null),
        choice.by(trained),
        temperature,
        own.measures(method, temperature),
        champion
            .map(head -> PairedEvaluation.of(own, champions))
            .filter(paired -> paired.examples() > 0),
        standIn,
        acceptances.of(all, own, trained.recipe(), temperature));
  }

  private static boolean isOf(Head head, ExampleSet all) {
    return head.card().backbone().equals(all.backbone());
  }

  /** Whether a head is of the form that was chosen; of older ones only their layers say it. */
  private static boolean isOf(Head head, Choice choice) {
    return Optional.ofNullable(head.card().training().recipe())
        .map(recipe -> recipe.form() == choice.recipe().form())
        .orElse(true);
  }

  /**
   * The head of a candidate, as it is published.
   *
   * @param offsets of {@code training} up to which it has learned
   * @param leftOut labels that it cannot have, or null
   * @param seconds that training and evaluation took
   */
  Head head(
      Candidate candidate,
      long version,
      Map<Integer, Long> offsets,
      @Nullable Disagreement disagreement,
      @Nullable LeftOut leftOut,
      double seconds,
      Verdict verdict) {
    ExampleSet examples = candidate.examples();
    TrainedLayers trained = candidate.trained();
    HeadCard card =
        new HeadCard(
            version,
            candidate.parent(),
            examples.backbone(),
            examples.width(),
            examples.labels(),
            candidate.temperature(),
            new HeadCard.Training(
                examples.size(),
                offsets,
                trained.accuracy(),
                settings.holdoutShare(),
                settings.seed(),
                trained.device(),
                seconds,
                disagreement,
                leftOut,
                candidate.choice().recipe(),
                candidate.choice().race(),
                young(examples)),
            candidate.measures(),
            verdict,
            Instant.now(),
            candidate.acceptance());
    candidate.standIn().ifPresent(standIn -> standIns.keep(card, standIn));
    return new Head(card, trained.layers(), candidate.centroids());
  }

  private static Map<String, Integer> young(ExampleSet examples) {
    Map<String, Integer> young = new TreeMap<>();
    int[] counts = examples.counts();
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] < HeadCard.Training.YOUNG) {
        young.put(examples.labels().get(label), counts[label]);
      }
    }
    return young;
  }
}

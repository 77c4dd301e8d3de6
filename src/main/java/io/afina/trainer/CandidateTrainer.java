package io.afina.trainer;

import io.afina.config.TrainerConfig;
import io.afina.model.Centroids;
import io.afina.model.Disagreement;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.LeftOut;
import io.afina.model.Measures;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
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
import org.jspecify.annotations.Nullable;

/**
 * Trains a candidate on the examples and evaluates it beside the champion, on examples that neither
 * was trained on. Enough examples are split once and for all into a training set and a holdout. Few
 * are evaluated by cross-validation, and all are trained on; the champion is then represented by
 * stand-ins that are trained, fold by fold, on what it had seen.
 */
class CandidateTrainer {

  /** A smaller holdout says too little: one example would be more than three points. */
  private static final int SMALLEST_HOLDOUT = 30;

  private static final int FOLDS = 5;

  private final TrainerConfig settings;
  private final HeadTraining training;

  CandidateTrainer(TrainerConfig settings) {
    this.settings = settings;
    this.training =
        new HeadTraining(settings.hidden(), settings.seed(), TrainingCheck.device(settings));
  }

  /**
   * A candidate and its evaluation.
   *
   * @param examples that it was trained on
   * @param parent version of the champion that was its warm start, or null
   * @param paired its evaluation beside the champion's, where there is a champion
   */
  record Candidate(
      ExampleSet examples,
      TrainedLayers trained,
      Centroids centroids,
      @Nullable Long parent,
      double temperature,
      Measures measures,
      Optional<PairedEvaluation> paired) {}

  void warmUp() {
    training.warmUp();
  }

  /**
   * Trains and evaluates a candidate.
   *
   * @param champion of the same backbone, or empty
   */
  Candidate train(ExampleSet all, Optional<Head> champion) {
    Split split = Holdout.split(all, settings.holdoutShare());
    return split.holdout().size() < SMALLEST_HOLDOUT
        ? crossValidated(all, champion)
        : heldOut(all, split, champion);
  }

  private Candidate heldOut(ExampleSet all, Split split, Optional<Head> champion) {
    Optional<Head> start = champion.filter(this::hasSameHoldout);
    TrainedLayers trained =
        training.train(split.train(), start.map(WarmStart::of), Optional.of(split.holdout()));
    Evaluation own = new Evaluation();
    own.add(split.train().labels(), trained.layers(), split.holdout());
    Evaluation champions = new Evaluation();
    champion.ifPresent(
        head -> {
          if (start.isPresent()) {
            champions.add(head.card().labels(), head.layers(), split.holdout());
          } else {
            addStandIn(champions, head, split.train(), split.holdout());
          }
        });
    double temperature = Calibration.temperature(own);
    return new Candidate(
        split.train(),
        trained,
        CentroidFitter.fit(all),
        start.map(Head::version).orElse(null),
        temperature,
        own.measures(Method.HOLDOUT, temperature),
        champion.map(head -> PairedEvaluation.of(own, champions)));
  }

  private Candidate crossValidated(ExampleSet all, Optional<Head> champion) {
    int[] folds = Holdout.folds(all, FOLDS);
    Evaluation own = new Evaluation();
    Evaluation champions = new Evaluation();
    for (int n = 0; n < FOLDS; n++) {
      int fold = n;
      ExampleSet rest = all.where(row -> folds[row] != fold);
      ExampleSet unseen = all.where(row -> folds[row] == fold);
      if (rest.labels().size() > 1) {
        own.add(rest.labels(), training.train(rest).layers(), unseen);
        champion.ifPresent(head -> addStandIn(champions, head, rest, unseen));
      }
    }
    double temperature = Calibration.temperature(own);
    return new Candidate(
        all,
        training.train(all, champion.map(WarmStart::of), Optional.empty()),
        CentroidFitter.fit(all),
        champion.map(Head::version).orElse(null),
        temperature,
        own.measures(Method.CROSS_VALIDATION, temperature),
        champion.map(head -> PairedEvaluation.of(own, champions)));
  }

  /** Whether the champion never saw the examples of today's holdout. */
  private boolean hasSameHoldout(Head champion) {
    Measures measures = champion.card().measures();
    return champion.card().training().holdoutShare() == settings.holdoutShare()
        && measures != null
        && measures.method() == Method.HOLDOUT;
  }

  /**
   * Evaluates a stand-in for a champion that may have seen the examples: layers trained on those of
   * the others that it had seen. Where these are too few, the champion itself.
   */
  private void addStandIn(
      Evaluation evaluation, Head champion, ExampleSet others, ExampleSet unseen) {
    ExampleSet seen = others.before(champion.card().training().offsets());
    if (seen.labels().size() < 2) {
      evaluation.add(champion.card().labels(), champion.layers(), unseen);
    } else {
      evaluation.add(seen.labels(), training.train(seen).layers(), unseen);
    }
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
                leftOut),
            candidate.measures(),
            verdict,
            Instant.now());
    return new Head(card, trained.layers(), candidate.centroids());
  }
}

package io.afina.trainer;

import io.afina.config.TrainerConfig;
import io.afina.model.Dense;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.Measures;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.HeadTraining.Trained;
import io.afina.trainer.fit.WarmStart;
import io.afina.trainer.judge.Calibration;
import io.afina.trainer.judge.Evaluation;
import io.afina.trainer.judge.Holdout;
import io.afina.trainer.judge.Holdout.Split;
import io.afina.trainer.judge.PairedEvaluation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a head from the examples and judges it beside the champion on the same examples, none of
 * which either was trained on. Enough examples are split once and for all into those trained on and
 * a holdout. Few are judged by cross-validation, and all are trained on; the champion is then
 * represented by heads trained, fold by fold, on what it had seen.
 */
final class CandidateTrainer {

  /** A smaller holdout says too little: one example would be more than three points. */
  private static final int SMALLEST_HOLDOUT = 30;

  private static final int FOLDS = 5;

  private final TrainerConfig settings;
  private final HeadTraining training;

  CandidateTrainer(TrainerConfig settings) {
    this.settings = settings;
    this.training = new HeadTraining(settings.hidden(), settings.seed());
  }

  /**
   * What came out.
   *
   * @param trained the layers
   * @param trainedOn how many examples
   * @param warm whether training started from the champion
   * @param beside the champion's answers to the same examples, where there is one
   */
  record Candidate(
      ExampleSet examples,
      Trained trained,
      int trainedOn,
      boolean warm,
      double temperature,
      Measures measures,
      Optional<PairedEvaluation> beside) {}

  void warmUp() {
    training.warmUp();
  }

  /**
   * Makes one.
   *
   * @param champion of the same backbone, or empty
   */
  Candidate make(ExampleSet all, Optional<Head> champion) {
    Split split = Holdout.split(all, settings.holdoutShare());
    return split.holdout().size() < SMALLEST_HOLDOUT
        ? crossValidated(all, champion)
        : heldOut(split, champion);
  }

  private Candidate heldOut(Split split, Optional<Head> champion) {
    Optional<Head> alike = champion.filter(this::judgedAlike);
    Trained trained =
        training.train(split.train(), alike.map(WarmStart::of), Optional.of(split.holdout()));
    Evaluation answers = Evaluation.of(head(split.train(), trained.layers(), 1), split.holdout());
    double temperature = Calibration.temperature(answers);
    Optional<Evaluation> before =
        champion
            .map(head -> alike.isPresent() ? head : standIn(head, split.train()))
            .map(head -> Evaluation.of(head, split.holdout()));
    return new Candidate(
        split.train(),
        trained,
        split.train().size(),
        alike.isPresent(),
        temperature,
        answers.measures(Method.HOLDOUT, temperature),
        before.map(champions -> PairedEvaluation.of(answers, champions)));
  }

  private Candidate crossValidated(ExampleSet all, Optional<Head> champion) {
    int[] folds = Holdout.folds(all, FOLDS);
    Evaluation answers = new Evaluation();
    Evaluation before = new Evaluation();
    for (int n = 0; n < FOLDS; n++) {
      int fold = n;
      ExampleSet rest = all.where(row -> folds[row] != fold);
      ExampleSet judged = all.where(row -> folds[row] == fold);
      if (rest.labels().size() > 1) {
        Trained trained = training.train(rest, Optional.empty(), Optional.empty());
        answers.add(head(rest, trained.layers(), 1), judged);
        champion.ifPresent(head -> before.add(standIn(head, rest), judged));
      }
    }
    double temperature = Calibration.temperature(answers);
    Trained trained = training.train(all, champion.map(WarmStart::of), Optional.empty());
    return new Candidate(
        all,
        trained,
        all.size(),
        champion.isPresent(),
        temperature,
        answers.measures(Method.CROSS_VALIDATION, temperature),
        champion.map(head -> PairedEvaluation.of(answers, before)));
  }

  /** Whether the champion never saw the examples of today's holdout. */
  private boolean judgedAlike(Head champion) {
    Measures measures = champion.card().measures();
    return champion.card().training().holdoutShare() == settings.holdoutShare()
        && measures != null
        && measures.method() == Method.HOLDOUT;
  }

  /**
   * What the champion would be without the examples that it is to be judged on: trained on those of
   * the others that it had seen. Where these are too few, the champion itself.
   */
  private Head standIn(Head champion, ExampleSet others) {
    ExampleSet seen = others.before(champion.card().training().offsets());
    if (seen.labels().size() < 2) {
      return champion;
    }
    Trained trained = training.train(seen, Optional.empty(), Optional.empty());
    return head(seen, trained.layers(), champion.card().temperature());
  }

  private Head head(ExampleSet examples, List<Dense> layers, double temperature) {
    return new Head(
        new HeadCard(
            1,
            null,
            examples.backbone(),
            examples.width(),
            examples.labels(),
            temperature,
            new HeadCard.Training(examples.size(), Map.of(), 0, 0, settings.seed(), "", 0),
            null,
            new Verdict(Verdict.Decision.REJECTED, "only made to judge"),
            Instant.EPOCH),
        layers);
  }

  /** The card of a candidate that is published. */
  HeadCard card(
      Candidate made,
      long version,
      @Nullable Long parent,
      Map<Integer, Long> offsets,
      double seconds,
      Verdict verdict) {
    return new HeadCard(
        version,
        made.warm() ? parent : null,
        made.examples().backbone(),
        made.examples().width(),
        made.examples().labels(),
        made.temperature(),
        new HeadCard.Training(
            made.trainedOn(),
            offsets,
            made.trained().accuracy(),
            settings.holdoutShare(),
            settings.seed(),
            made.trained().device(),
            seconds),
        made.measures(),
        verdict,
        Instant.now());
  }
}

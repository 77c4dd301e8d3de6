package io.afina.trainer;

import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Measures;
import io.afina.model.Measures.Method;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.judge.Holdout.Split;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds who represents a champion in comparisons. That was trained on all examples, and would only
 * recite those that judge. The stand-in that its own training made is kept between trainings; where
 * there is none, as after another trainer led, one is trained by the champion's recipe on what the
 * champion had seen, less the judges. For one thread.
 *
 * @param holdoutShare of the examples that judges, 0 to 1
 * @param kept those of the heads that were made last
 */
record StandIns(HeadTraining training, double holdoutShare, Map<Made, StandIn> kept) {

  /** Which head: two leaders may have made one of the same version, one of them in vain. */
  record Made(long version, Instant created) {

    static Made of(HeadCard card) {
      return new Made(card.version(), card.created());
    }
  }

  StandIns(HeadTraining training, double holdoutShare) {
    this(training, holdoutShare, new HashMap<>());
  }

  /** Keeps the stand-in of a head that may become the champion. */
  void keep(HeadCard card, StandIn standIn) {
    kept.put(Made.of(card), standIn);
  }

  /** Forgets all but the champion's. */
  void keepOnly(Optional<Head> champion) {
    Optional<Made> made = champion.map(Head::card).map(Made::of);
    kept.keySet().removeIf(other -> !made.equals(Optional.of(other)));
  }

  /**
   * The champion's stand-in, that has not seen the judges. Empty where the champion was trained on
   * none of today's examples.
   */
  Optional<StandIn> of(Head champion, Split split) {
    StandIn found =
        isOlderWithThisHoldout(champion.card())
            ? StandIn.of(champion)
            : kept.get(Made.of(champion.card()));
    return found != null && !found.hasSeen(split.holdout())
        ? Optional.of(found)
        : trained(champion, split.train());
  }

  /** Trains one on those of the examples that the champion had seen, in its own backbone. */
  Optional<StandIn> trained(Head champion, ExampleSet examples) {
    ExampleSet seen = examples.in(champion.card().backbone()).learnedBy(champion.card());
    return seen.labels().size() < 2
        ? Optional.empty()
        : Optional.of(
            StandIn.of(
                seen,
                training.train(recipe(champion, seen), seen, Optional.empty(), Optional.empty())));
  }

  /** How the champion was fitted; of one that does not say, its form by its default. */
  private HeadRecipe recipe(Head champion, ExampleSet examples) {
    return Objects.requireNonNullElseGet(
        champion.card().training().recipe(),
        () ->
            champion.layers().size() == 1
                ? new HeadRecipe(Form.DENSE, 1, 0)
                : training.recipes(examples, Optional.of(Form.HIDDEN)).get(0));
  }

  /** Whether it was made when heads were not trained on their judges. */
  private boolean isOlderWithThisHoldout(HeadCard card) {
    Measures measures = card.measures();
    return card.training().recipe() == null
        && card.training().holdoutShare() == holdoutShare
        && measures != null
        && measures.method() == Method.HOLDOUT;
  }
}

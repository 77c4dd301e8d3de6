package io.afina.trainer;

import io.afina.decide.Acceptance;
import io.afina.decide.AcceptanceFactory;
import io.afina.decide.JudgedAnswer;
import io.afina.model.HeadRecipe;
import io.afina.trainer.data.Example;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.judge.Evaluation;
import io.afina.trainer.judge.Holdout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds which predictions of a head may be used unseen. What judged the head is not enough to
 * promise much while it is a fifth of few examples: the others then judge too, fold by fold, each
 * by layers of the same recipe that have not seen it.
 *
 * @param factory of acceptances; null where nothing is promised
 */
record AcceptanceJudge(@Nullable AcceptanceFactory factory, HeadTraining training) {

  /** With so many answers more of them change little, and cost four trainings. */
  private static final int ENOUGH = 2000;

  private static final int FOLDS = 4;

  /**
   * The acceptance of a head.
   *
   * @param all examples that it was trained on
   * @param own evaluation of what stands in for it
   */
  @Nullable Acceptance of(ExampleSet all, Evaluation own, HeadRecipe recipe, double temperature) {
    if (factory == null) {
      return null;
    }
    List<JudgedAnswer> answers = new ArrayList<>(own.answers(all, temperature));
    if (answers.size() < ENOUGH) {
      Set<String> judges = own.ids();
      answers.addAll(
          folded(all, all.where(row -> !judges.contains(id(all, row))), recipe, temperature));
    }
    return factory.acceptance(answers);
  }

  private List<JudgedAnswer> folded(
      ExampleSet all, ExampleSet others, HeadRecipe recipe, double temperature) {
    int[] folds = Holdout.folds(others, FOLDS);
    Evaluation evaluation = new Evaluation();
    for (int n = 0; n < FOLDS; n++) {
      int fold = n;
      ExampleSet asked = others.where(row -> folds[row] == fold);
      Set<String> ids = asked.examples().stream().map(Example::id).collect(Collectors.toSet());
      ExampleSet rest = all.where(row -> !ids.contains(id(all, row)));
      if (asked.size() > 0 && rest.labels().size() > 1) {
        evaluation.add(
            rest.labels(),
            training.train(recipe, rest, Optional.empty(), Optional.empty()).layers(),
            asked);
      }
    }
    return evaluation.answers(all, temperature);
  }

  private static String id(ExampleSet all, int row) {
    return all.examples().get(row).id();
  }
}

package io.afina.selection;

import io.afina.config.TrainerConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.layer.Layer;
import io.afina.selection.BackboneResult.FewExamples;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadRace;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.TrainedLayers;
import io.afina.trainer.judge.Holdout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Trains heads as the trainer does, and judges them on examples that neither they nor the race for
 * their recipe saw. Heads with a hidden layer take no part: they take ten times as long, and hardly
 * win among so few examples. For one thread.
 */
final class HeadTrials {

  private static final int FOLDS = 5;
  private static final int[] FEW = {1, 2, 4, 8, 16};
  private static final int DRAWS = 3;

  private final HeadTraining training;
  private final long seed;

  HeadTrials(TrainerConfig settings) {
    this.training = new HeadTraining(settings.hidden(), settings.seed());
    this.seed = settings.seed();
  }

  /** Loads the engine. */
  void warmUp() {
    training.warmUp();
  }

  /**
   * What heads say of examples that they were not trained on.
   *
   * @param right the ids of those that are answered right
   * @param recipe the one that most folds chose
   */
  record Outcome(Set<String> right, HeadRecipe recipe) {}

  /**
   * Judges every example by a head that was trained on the other folds.
   *
   * @throws AfinaException when there are too few
   */
  Outcome crossValidated(ExampleSet examples) {
    int[] folds = Holdout.folds(examples, FOLDS);
    Set<String> right = new HashSet<>();
    List<HeadRecipe> recipes = new ArrayList<>();
    for (int n = 0; n < FOLDS; n++) {
      int fold = n;
      ExampleSet known = examples.where(row -> folds[row] != fold);
      ExampleSet unseen = examples.where(row -> folds[row] == fold);
      if (known.labels().size() > 1 && unseen.size() > 0) {
        HeadRecipe recipe = recipe(known);
        recipes.add(recipe);
        right.addAll(right(recipe, known, unseen));
      }
    }
    if (recipes.isEmpty()) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "two labels need two pictures each that can be decoded: give more pictures");
    }
    HeadRecipe usual =
        Collections.max(recipes, Comparator.comparingInt(r -> Collections.frequency(recipes, r)));
    return new Outcome(right, usual);
  }

  /** Trains on some examples, and asks about others. */
  private Set<String> right(HeadRecipe recipe, ExampleSet known, ExampleSet unseen) {
    TrainedLayers trained = training.train(recipe, known, Optional.empty(), Optional.empty());
    Set<String> right = new HashSet<>();
    for (int row = 0; row < unseen.size(); row++) {
      int answer = largest(Layer.logits(trained.layers(), unseen.embedding(row)));
      if (known.labels().get(answer).equals(unseen.label(row))) {
        right.add(unseen.examples().get(row).id());
      }
    }
    return right;
  }

  private static int largest(float[] logits) {
    int largest = 0;
    for (int i = 1; i < logits.length; i++) {
      largest = logits[i] > logits[largest] ? i : largest;
    }
    return largest;
  }

  /** The recipe that the trainer would choose on examples. */
  private HeadRecipe recipe(ExampleSet examples) {
    List<HeadRecipe> recipes =
        training.recipes(examples, Optional.empty()).stream()
            .filter(recipe -> recipe.form() != Form.HIDDEN)
            .toList();
    return HeadRace.run(training, recipes, examples).winner();
  }

  /** Accuracy with so few examples of each label, for as long as most labels have twice as many. */
  List<FewExamples> fewExamples(ExampleSet examples) {
    int[] counts = examples.counts();
    Arrays.sort(counts);
    int usual = counts[counts.length / 2];
    List<FewExamples> curve = new ArrayList<>();
    for (int few : FEW) {
      if (2 * few <= usual) {
        double[] draws =
            IntStream.range(0, DRAWS).mapToDouble(draw -> accuracy(examples, few, draw)).toArray();
        curve.add(
            new FewExamples(
                few,
                Arrays.stream(draws).average().orElse(0),
                Arrays.stream(draws).min().orElse(0),
                Arrays.stream(draws).max().orElse(0)));
      }
    }
    return curve;
  }

  private double accuracy(ExampleSet examples, int few, int draw) {
    Random random = new Random(seed + draw);
    double[] lots = random.doubles(examples.size()).toArray();
    Set<Integer> drawn = new HashSet<>();
    for (int n = 0; n < examples.labels().size(); n++) {
      int label = n;
      IntStream.range(0, examples.size())
          .filter(row -> examples.targets()[row] == label)
          .boxed()
          .sorted(Comparator.comparingDouble(row -> lots[row]))
          .limit(few)
          .forEach(drawn::add);
    }
    ExampleSet known = examples.where(drawn::contains);
    ExampleSet unseen = examples.where(row -> !drawn.contains(row));
    return (double) right(recipe(known), known, unseen).size() / unseen.size();
  }
}

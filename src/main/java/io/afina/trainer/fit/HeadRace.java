package io.afina.trainer.fit;

import io.afina.model.Dense;
import io.afina.model.HeadRecipe;
import io.afina.model.Race;
import io.afina.model.Race.Entrant;
import io.afina.trainer.data.ExampleSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the best of several recipes. */
public final class HeadRace {

  private HeadRace() {}

  /** Trains every entrant on a part of the examples and compares them on the others. */
  public static Race run(HeadTraining training, List<HeadRecipe> entrants, ExampleSet examples) {
    ExampleSet train = examples.where(row -> row % 3 != 0);
    ExampleSet others = examples.where(row -> row % 3 == 0);
    if (train.labels().size() < 2 || others.size() == 0) {
      return new Race(examples.size(), List.of(), entrants.get(0));
    }
    List<Entrant> ran = entrants.stream().map(one -> run(training, one, train, others)).toList();
    HeadRecipe winner =
        ran.stream().min(Comparator.comparingDouble(Entrant::loss)).orElseThrow().recipe();
    return new Race(examples.size(), ran, winner);
  }

  private static Entrant run(
      HeadTraining training, HeadRecipe recipe, ExampleSet train, ExampleSet others) {
    long start = System.nanoTime();
    TrainedLayers trained =
        training.train(recipe, train, Optional.empty(), Optional.<ExampleSet>empty());
    int right = 0;
    double loss = 0;
    for (int row = 0; row < others.size(); row++) {
      float[] logits = Dense.logits(trained.layers(), others.embedding(row));
      int target = train.labels().indexOf(others.label(row));
      double sum = 0;
      boolean most = true;
      for (float logit : logits) {
        sum += Math.exp(logit - (target < 0 ? 0 : logits[target]));
        most &= target >= 0 && logit <= logits[target];
      }
      right += most ? 1 : 0;
      loss += target < 0 ? 0 : Math.log(sum) / others.size();
    }
    double accuracy = right / (double) Math.max(1, others.size());
    return new Entrant(trained.recipe(), loss, accuracy, (System.nanoTime() - start) / 1e9);
  }
}

package io.afina.trainer;

import io.afina.model.HeadCard.Training;
import io.afina.model.HeadRecipe;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.TrainedLayers;
import io.afina.trainer.fit.WarmStart;
import io.afina.trainer.judge.Evaluation;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Fits heads by a recipe, or by a stronger one while that does not even give the examples of a
 * young label their label: a race hardly sees labels with so few, and whoever has just named
 * something wants to see it.
 */
record Fitting(HeadTraining training) {

  /** Trains on all examples; the result's recipe says by which strength. */
  TrainedLayers fit(HeadRecipe recipe, ExampleSet examples, Optional<WarmStart> start) {
    TrainedLayers trained = training.train(recipe, examples, start, Optional.empty());
    Optional<HeadRecipe> next = HeadTraining.stronger(recipe);
    while (next.isPresent() && !knowsYoungLabels(trained, examples)) {
      WarmStart before = new WarmStart(examples.backbone(), examples.labels(), trained.layers());
      trained = training.train(next.get(), examples, Optional.of(before), Optional.empty());
      next = HeadTraining.stronger(next.get());
    }
    return trained;
  }

  /** Whether one example at least of every young label gets it. */
  private static boolean knowsYoungLabels(TrainedLayers trained, ExampleSet examples) {
    int[] counts = examples.counts();
    return IntStream.range(0, counts.length)
        .filter(label -> counts[label] < Training.YOUNG)
        .mapToObj(label -> examples.where(row -> examples.targets()[row] == label))
        .allMatch(
            own -> {
              Evaluation evaluation = new Evaluation();
              evaluation.add(examples.labels(), trained.layers(), own);
              return evaluation.accuracy() > 0;
            });
  }
}

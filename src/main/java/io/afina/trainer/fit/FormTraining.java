package io.afina.trainer.fit;

import io.afina.model.HeadRecipe;
import io.afina.trainer.data.ExampleSet;
import java.util.Optional;

/** Fits the layers of one form of head. */
interface FormTraining {

  /**
   * Prepares the training on these examples: what all recipes of the form share.
   *
   * @param warmStart of the same backbone; layers of another form are not used
   * @param selection where the form stops early, examples that choose the epoch
   */
  Fit open(ExampleSet examples, Optional<WarmStart> warmStart, Optional<ExampleSet> selection);

  /** A training on some examples. */
  interface Fit extends AutoCloseable {

    /** Fits layers by a recipe; sooner when the recipe before was of a strength a little less. */
    TrainedLayers train(HeadRecipe recipe);

    @Override
    void close();
  }
}

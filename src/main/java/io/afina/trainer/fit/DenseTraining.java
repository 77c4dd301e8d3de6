package io.afina.trainer.fit;

import ai.djl.ndarray.NDManager;
import io.afina.backbone.EngineDevice;
import io.afina.model.HeadRecipe;
import io.afina.model.layer.Dense;
import io.afina.trainer.data.ExampleSet;
import java.util.List;
import java.util.Optional;

/** Trains a head of one dense layer: {@link LogisticRegression} on the embeddings. */
record DenseTraining(NDManager manager, ResidentEmbeddings resident) implements FormTraining {

  @Override
  public Fit open(
      ExampleSet examples, Optional<WarmStart> warmStart, Optional<ExampleSet> selection) {
    ExampleBatches batches = new ExampleBatches(manager, resident, examples);
    return new DenseFit(
        batches,
        new LogisticRegression(manager, batches),
        warmStart
            .filter(head -> head.layers().size() == 1)
            .map(head -> head.last(examples.labels())));
  }

  private static final class DenseFit implements Fit {

    private final ExampleBatches batches;
    private final LogisticRegression regression;
    private Optional<Dense> last;

    DenseFit(ExampleBatches batches, LogisticRegression regression, Optional<Dense> start) {
      this.batches = batches;
      this.regression = regression;
      this.last = start;
    }

    @Override
    public TrainedLayers train(HeadRecipe recipe) {
      Dense layer = regression.fit(recipe.strength(), last);
      last = Optional.of(layer);
      return new TrainedLayers(
          recipe,
          List.of(layer),
          regression.accuracy(layer),
          EngineDevice.word(regression.device()));
    }

    @Override
    public void close() {
      batches.close();
    }
  }
}

package io.afina.trainer.fit;

import ai.djl.Device;
import io.afina.backbone.EngineDevice;
import io.afina.model.HeadRecipe;
import io.afina.model.Vectors;
import io.afina.model.layer.Dense;
import io.afina.trainer.data.ExampleSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains a head that answers with the label whose examples' mean direction is nearest by cosine: a
 * dense layer whose rows are these directions, for the length of an embedding changes no order.
 *
 * @param device for the card: this is computed in Java
 */
record MeansTraining(Device device) implements FormTraining {

  /** Cosines are near to each other; times this they are logits of about the usual size. */
  private static final float SHARPNESS = 20;

  @Override
  public Fit open(
      ExampleSet examples, Optional<WarmStart> warmStart, Optional<ExampleSet> selection) {
    return new Fit() {
      @Override
      public TrainedLayers train(HeadRecipe recipe) {
        Dense layer = layer(examples);
        return new TrainedLayers(
            recipe, List.of(layer), accuracy(layer, examples), EngineDevice.word(device));
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  private static Dense layer(ExampleSet examples) {
    int labels = examples.labels().size();
    float[] means = CentroidFitter.means(examples);
    double length = 0;
    for (int row = 0; row < examples.size(); row++) {
      length += Vectors.length(examples.embedding(row)) / examples.size();
    }
    float scale = (float) (SHARPNESS / Math.max(length, Float.MIN_NORMAL));
    for (int i = 0; i < means.length; i++) {
      means[i] *= scale;
    }
    return Dense.ofRows(examples.width(), labels, means, new float[labels]);
  }

  private static double accuracy(Dense layer, ExampleSet examples) {
    float[][] logits =
        IntStream.range(0, examples.size())
            .mapToObj(row -> layer.apply(examples.embedding(row)))
            .toArray(float[][]::new);
    return LayerOutputs.accuracy(logits, examples.targets());
  }
}

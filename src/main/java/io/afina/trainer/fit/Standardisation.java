package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import io.afina.model.Dense;
import io.afina.trainer.data.ExampleSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Standardises embeddings: subtracts their mean and divides by one deviation common to all
 * dimensions, which keeps the relative weight of these.
 *
 * @param mean one number a dimension
 * @param deviation root of the mean variance over dimensions
 */
record Standardisation(float[] mean, float deviation) {

  /** That of all examples. */
  static Standardisation of(ExampleSet examples) {
    int width = examples.width();
    double[] sums = new double[width];
    double squares = 0;
    float[] values = new float[width];
    for (int row = 0; row < examples.size(); row++) {
      examples.copy(row, values, 0);
      for (int i = 0; i < width; i++) {
        sums[i] += values[i];
        squares += (double) values[i] * values[i];
      }
    }
    float[] mean = new float[width];
    double meanSquares = 0;
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sums[i] / examples.size());
      meanSquares += (double) mean[i] * mean[i];
    }
    double variance = squares / ((double) examples.size() * width) - meanSquares / width;
    return new Standardisation(mean, variance > 1e-12 ? (float) Math.sqrt(variance) : 1);
  }

  /** Rows, {@code [rows, width]}, standardised. */
  NDArray apply(NDArray rows) {
    return rows.sub(rows.getManager().create(mean)).divi(deviation);
  }

  /** Layers for raw embeddings, from layers for standardised ones. */
  List<Dense> fold(List<Dense> layers) {
    return withFirst(layers, scaled(layers.get(0), 1 / deviation, -1 / deviation));
  }

  /** The inverse of {@link #fold}. */
  List<Dense> unfold(List<Dense> layers) {
    return withFirst(layers, scaled(layers.get(0), deviation, 1));
  }

  /**
   * Multiplies the weights by {@code factor}, and adds {@code shift} times the layer's output for
   * the mean to the bias.
   */
  private Dense scaled(Dense layer, float factor, float shift) {
    float[] weights = layer.weights().clone();
    float[] bias = layer.bias().clone();
    for (int i = 0; i < layer.inputs(); i++) {
      for (int o = 0; o < layer.outputs(); o++) {
        int at = i * layer.outputs() + o;
        bias[o] += weights[at] * mean[i] * shift;
        weights[at] *= factor;
      }
    }
    return new Dense(layer.inputs(), layer.outputs(), weights, bias);
  }

  private static List<Dense> withFirst(List<Dense> layers, Dense first) {
    List<Dense> all = new ArrayList<>(layers);
    all.set(0, first);
    return all;
  }
}

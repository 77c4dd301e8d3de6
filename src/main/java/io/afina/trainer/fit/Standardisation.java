package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import io.afina.model.layer.Dense;

/**
 * Standardises embeddings: subtracts their mean and divides by one deviation common to all
 * dimensions, which keeps the relative weight of these.
 *
 * @param mean one number a dimension
 * @param deviation root of the mean variance over dimensions
 * @param deviations of each dimension by itself
 */
record Standardisation(float[] mean, float deviation, float[] deviations) {

  /** That of all rows. */
  static Standardisation of(Batches rows) {
    int width = rows.width();
    double[] sums = new double[width];
    double[] squares = new double[width];
    rows.forEach(
        (batch, x, y) -> {
          add(sums, x.sum(new int[] {0}).toFloatArray());
          add(squares, x.square().sum(new int[] {0}).toFloatArray());
        });
    float[] mean = new float[width];
    float[] deviations = new float[width];
    double variances = 0;
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sums[i] / rows.size());
      double variance = Math.max(0, squares[i] / rows.size() - (double) mean[i] * mean[i]);
      deviations[i] = (float) Math.sqrt(variance);
      variances += variance / width;
    }
    float deviation = variances > 1e-12 ? (float) Math.sqrt(variances) : 1;
    return new Standardisation(mean, deviation, deviations);
  }

  private static void add(double[] sum, float[] values) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
  }

  /** Rows, {@code [rows, width]}, standardised. */
  NDArray apply(NDArray rows) {
    return rows.sub(rows.getManager().create(mean)).divi(deviation);
  }

  /** A layer for rows as they come, from one for standardised rows. */
  Dense fold(Dense layer) {
    return scaled(layer, 1 / deviation, -1 / deviation);
  }

  /** The inverse of {@link #fold}. */
  Dense unfold(Dense layer) {
    return scaled(layer, deviation, 1);
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
}

package io.afina.trainer.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.afina.model.layer.Dense;
import java.util.Optional;

/**
 * Fits a dense layer to rows by the loss that scikit-learn's {@code LogisticRegression} minimises:
 * the cross entropy of all rows and an L2 regularisation of the weights for rows as they come, none
 * of the biases. The problem is convex and is solved to its minimum, so that neither seed nor start
 * matter. Meanwhile the rows are standardised; the standardisation is folded into the layer
 * afterwards.
 */
final class LogisticRegression {

  private final NDManager manager;
  private final Batches rows;
  private final Standardisation standard;

  /**
   * Of these rows.
   *
   * @param manager of what is computed meanwhile
   */
  LogisticRegression(NDManager manager, Batches rows) {
    this.manager = manager;
    this.rows = rows;
    this.standard = Standardisation.of(rows);
  }

  /**
   * Fits the layer.
   *
   * @param strength the inverse of the regularisation strength, as scikit-learn's C
   * @param start near the minimum, which is found sooner then
   */
  Dense fit(double strength, Optional<Dense> start) {
    try (SoftmaxLoss loss = new SoftmaxLoss(manager, rows, standard, regularisation(strength))) {
      double[] from =
          start
              .map(layer -> loss.parameters(standard.unfold(layer)))
              .orElseGet(() -> new double[loss.dimension()]);
      return standard.fold(loss.layer(new NewtonMethod(loss).minimise(from)));
    }
  }

  Device device() {
    return manager.getDevice();
  }

  /** Accuracy of a layer on the rows, 0 to 1. */
  double accuracy(Dense layer) {
    double[] right = new double[1];
    try (NDManager mine = manager.newSubManager()) {
      NDArray weights = mine.create(layer.weights(), new Shape(layer.inputs(), layer.outputs()));
      NDArray bias = mine.create(layer.bias());
      rows.forEach(
          (batch, x, y) -> {
            NDArray answers = x.matMul(weights).add(bias).argMax(1).toType(DataType.INT32, false);
            right[0] += answers.eq(y).toType(DataType.FLOAT32, false).sum().getFloat();
          });
    }
    return right[0] / rows.size();
  }

  /**
   * The regularisation strength per row, for standardised rows. For two labels scikit-learn has one
   * row of weights where this has two, each half as long: twice the strength gives the same loss.
   */
  private double regularisation(double strength) {
    double variance = (double) standard.deviation() * standard.deviation();
    double factor = rows.labels() == 2 ? 2 : 1;
    return factor / (strength * variance * rows.size());
  }
}

package io.afina.trainer.fit;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.afina.model.Dense;
import io.afina.trainer.data.ExampleSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the loss of a dense head on standardised examples, its gradient and Hessian-vector
 * products: the mean cross entropy and an L2 regularisation of the weights, {@code |W|² / (2 C n)}.
 * Parameters lie label by label, {@code [labels, width]}, and then the biases. What is computed
 * over the examples is computed by the engine, batch by batch; the examples themselves are never
 * standardised, the parameters are instead.
 */
final class SoftmaxLoss implements AutoCloseable {

  private final Standardisation standard;
  private final NDManager manager;
  private final ExampleBatches batches;
  private final int width;
  private final int labels;
  private final double regularisation;
  private NDManager atPoint;
  private List<NDArray> probabilities = List.of();

  /**
   * @param regularisation the strength: half of it times the square of a weight is added
   */
  SoftmaxLoss(
      Engine engine,
      Device device,
      ExampleSet examples,
      Standardisation standard,
      double regularisation) {
    this.standard = standard;
    this.regularisation = regularisation;
    this.manager = engine.newBaseManager(device);
    this.batches = new ExampleBatches(manager, examples);
    this.width = examples.width();
    this.labels = examples.labels().size();
    this.atPoint = manager.newSubManager();
  }

  /** A value and its gradient. */
  record Point(double value, double[] gradient) {}

  int dimension() {
    return labels * (width + 1);
  }

  /** Loss and gradient; Hessian-vector products are those at the point of the last call. */
  Point at(double[] parameters) {
    atPoint.close();
    atPoint = manager.newSubManager();
    List<NDArray> soft = new ArrayList<>();
    double[] loss = new double[1];
    double[] gradient =
        summed(
            parameters,
            (batch, logits, y, share) -> {
              NDArray logs = logits.logSoftmax(1);
              NDArray targets = y.oneHot(labels, DataType.FLOAT32);
              loss[0] -= logs.mul(targets).sum().getFloat();
              NDArray p = logs.exp();
              p.attach(atPoint);
              soft.add(p);
              logits.getManager().tempAttachAll(p);
              return p.sub(targets);
            });
    probabilities = soft;
    return new Point(loss[0] / batches.size() + regularise(parameters, gradient), gradient);
  }

  /** The product of the Hessian at the last point with a direction. */
  double[] hessianProduct(double[] direction) {
    double[] product =
        summed(
            direction,
            (batch, change, y, share) -> {
              NDArray p = probabilities.get(batch);
              change.getManager().tempAttachAll(p);
              NDArray mean = p.mul(change).sum(new int[] {1}, true);
              return p.mul(change.sub(mean));
            });
    regularise(direction, product);
    return product;
  }

  /** Accuracy on the examples, 0 to 1. */
  double accuracy(double[] parameters) {
    double[] right = new double[1];
    try (NDManager step = manager.newSubManager()) {
      NDList layer = layer(step, parameters);
      batches.forEach(
          (batch, x, y, share) -> {
            NDArray answers = logits(x, layer).argMax(1).toType(DataType.INT32, false);
            right[0] += answers.eq(y).toType(DataType.FLOAT32, false).sum().getFloat();
          });
    }
    return right[0] / batches.size();
  }

  double[] parameters(Dense layer) {
    double[] parameters = new double[dimension()];
    float[] rows = layer.rows();
    for (int i = 0; i < rows.length; i++) {
      parameters[i] = rows[i];
    }
    for (int label = 0; label < labels; label++) {
      parameters[labels * width + label] = layer.bias()[label];
    }
    return parameters;
  }

  Dense layer(double[] parameters) {
    float[] rows = new float[labels * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) parameters[i];
    }
    float[] bias = new float[labels];
    for (int label = 0; label < labels; label++) {
      bias[label] = (float) parameters[labels * width + label];
    }
    return Dense.ofRows(width, labels, rows, bias);
  }

  @Override
  public void close() {
    manager.close();
  }

  private interface Outputs {
    /** What every example's outputs, {@code [rows, labels]}, contribute. */
    NDArray contribution(int batch, NDArray outputs, NDArray y, float share);
  }

  /** The mean over all examples of contributions times standardised inputs. */
  private double[] summed(double[] parameters, Outputs outputs) {
    try (NDManager step = manager.newSubManager()) {
      NDList layer = layer(step, parameters);
      NDArray weights = step.zeros(new Shape(labels, width));
      NDArray biases = step.zeros(new Shape(labels));
      batches.forEach(
          (batch, x, y, share) -> {
            NDManager mine = x.getManager();
            NDArray c = outputs.contribution(batch, logits(x, layer), y, share);
            mine.tempAttachAll(weights, biases);
            weights.addi(c.transpose().matMul(x));
            biases.addi(c.sum(new int[] {0}));
          });
      return standardised(weights.toFloatArray(), biases.toFloatArray());
    }
  }

  private static NDArray logits(NDArray x, NDList layer) {
    NDManager mine = x.getManager();
    mine.tempAttachAll(layer);
    return x.matMul(layer.get(0)).add(layer.get(1));
  }

  /** The layer that gives the same for raw inputs: transposed weights, and biases. */
  private NDList layer(NDManager owner, double[] parameters) {
    Dense folded = standard.fold(List.of(layer(parameters))).get(0);
    return new NDList(
        owner.create(folded.weights(), new Shape(width, labels)), owner.create(folded.bias()));
  }

  private double[] standardised(float[] weights, float[] biases) {
    double[] sum = new double[dimension()];
    double rows = batches.size();
    for (int label = 0; label < labels; label++) {
      double bias = biases[label] / rows;
      for (int i = 0; i < width; i++) {
        int at = label * width + i;
        sum[at] = (weights[at] / rows - bias * standard.mean()[i]) / standard.deviation();
      }
      sum[labels * width + label] = bias;
    }
    return sum;
  }

  /** Adds the gradient of the regularisation, and gives its loss. */
  private double regularise(double[] parameters, double[] gradient) {
    double squares = 0;
    for (int i = 0; i < labels * width; i++) {
      squares += parameters[i] * parameters[i];
      gradient[i] += regularisation * parameters[i];
    }
    return regularisation / 2 * squares;
  }
}

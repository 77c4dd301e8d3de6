package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Landmarks;
import io.afina.model.layer.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Computes what layers give for many rows, by the engine. */
final class LayerOutputs {

  private LayerOutputs() {}

  /**
   * The function of layers.
   *
   * @param owner of the layers' numbers on the device
   * @return from {@code [rows, inputs]} to {@code [rows, outputs]}, in the manager of the rows
   */
  static UnaryOperator<NDArray> function(NDManager owner, List<Layer> layers) {
    List<UnaryOperator<NDArray>> functions =
        layers.stream().map(layer -> function(owner, layer)).toList();
    return x -> {
      NDArray values = functions.get(0).apply(x);
      for (UnaryOperator<NDArray> next : functions.subList(1, functions.size())) {
        values = next.apply(Activation.relu(values));
      }
      return values;
    };
  }

  /** What a function gives for all rows, one after the other. */
  static float[][] rows(Batches rows, UnaryOperator<NDArray> function) {
    float[][] outputs = new float[rows.size()][];
    int[] next = new int[1];
    rows.forEach(
        (batch, x, y) -> {
          NDArray values = function.apply(x);
          int width = (int) values.getShape().get(1);
          float[] all = values.toFloatArray();
          for (int at = 0; at < all.length; at += width) {
            outputs[next[0]++] = Arrays.copyOfRange(all, at, at + width);
          }
        });
    return outputs;
  }

  /** The share of rows whose largest logit is that of their target, 0 to 1. */
  static double accuracy(float[][] logits, int[] targets) {
    int right = 0;
    for (int row = 0; row < targets.length; row++) {
      int best = 0;
      for (int label = 1; label < logits[row].length; label++) {
        best = logits[row][label] > logits[row][best] ? label : best;
      }
      right += best == targets[row] ? 1 : 0;
    }
    return (double) right / Math.max(1, targets.length);
  }

  private static UnaryOperator<NDArray> function(NDManager owner, Layer layer) {
    return layer instanceof Landmarks landmarks
        ? similarities(owner, landmarks)
        : dense(owner, (Dense) layer);
  }

  private static UnaryOperator<NDArray> dense(NDManager owner, Dense layer) {
    NDList numbers =
        new NDList(
            owner.create(layer.weights(), new Shape(layer.inputs(), layer.outputs())),
            owner.create(layer.bias()));
    return x -> {
      x.getManager().tempAttachAll(numbers);
      return x.matMul(numbers.get(0)).addi(numbers.get(1));
    };
  }

  /** As {@link Landmarks#apply} computes them. */
  private static UnaryOperator<NDArray> similarities(NDManager owner, Landmarks layer) {
    UnaryOperator<NDArray> products = dense(owner, layer.points());
    NDArray scale = owner.create(layer.scale());
    return x -> {
      x.getManager().tempAttachAll(scale);
      NDArray scaled = x.mul(scale);
      NDArray squares = scaled.square().sum(new int[] {1}, true);
      return products.apply(scaled.mul(scale).muli(2)).subi(squares).minimum(0).exp();
    };
  }
}

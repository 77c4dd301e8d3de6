package io.afina.trainer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.afina.model.Vectors;
import io.afina.trainer.data.ExampleSet;
import java.util.List;
import java.util.stream.IntStream;

/** The candidates by which predictions may be ranked, each the higher the surer. */
final class DecideScores {

  static final List<String> NAMES =
      List.of("max-probability", "margin", "entropy", "p-norm of logits", "Mahalanobis");

  /** Exponent of the norm. */
  private static final double P = 4;

  /** Of the mean variance, added to each. */
  private static final double SHRINKAGE = 0.1;

  private DecideScores() {}

  /** All of a prediction: its logits, a temperature for them, and its distance. */
  static double[] of(float[] logits, double temperature, double distance) {
    int first = largest(logits);
    double mean = IntStream.range(0, logits.length).mapToDouble(n -> logits[n]).average().orElse(0);
    double sum = 0;
    double second = 0;
    double powers = 0;
    for (int n = 0; n < logits.length; n++) {
      double exp = Math.exp((logits[n] - logits[first]) / temperature);
      sum += exp;
      second = n == first ? second : Math.max(second, exp);
      powers += Math.pow(Math.abs(logits[n] - mean), P);
    }
    double entropy = 0;
    for (float logit : logits) {
      double p = Math.exp((logit - logits[first]) / temperature) / sum;
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
    double norm = Math.pow(powers, 1 / P);
    return new double[] {
      1 / sum,
      (1 - second) / sum,
      -entropy,
      norm == 0 ? 0 : (logits[first] - mean) / norm,
      -distance
    };
  }

  /** The index of the first of the largest. */
  static int largest(float[] values) {
    int largest = 0;
    for (int n = 1; n < values.length; n++) {
      largest = values[n] > values[largest] ? n : largest;
    }
    return largest;
  }

  /**
   * Squared Mahalanobis distance of unit vectors to the nearest mean of a label, with a covariance
   * that all labels share.
   *
   * @return one an example of {@code asked}
   */
  static double[] mahalanobis(ExampleSet known, ExampleSet asked) {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      NDArray x = units(manager, known);
      NDArray ones = manager.create(oneHot(known));
      NDArray means =
          ones.transpose().matMul(x).div(ones.sum(new int[] {0}).reshape(known.labels().size(), 1));
      NDArray centred = x.sub(ones.matMul(means));
      NDArray covariance = centred.transpose().matMul(centred).div(known.size());
      NDArray unit = manager.eye(known.width());
      NDArray ridge = unit.mul(covariance.mul(unit).sum()).mul(SHRINKAGE / known.width());
      NDArray inverse = covariance.add(ridge).inverse();
      NDArray y = units(manager, asked);
      NDArray own = y.matMul(inverse).mul(y).sum(new int[] {1}, true);
      NDArray theirs = means.matMul(inverse).mul(means).sum(new int[] {1}).expandDims(0);
      NDArray between = y.matMul(inverse).matMul(means.transpose()).mul(2);
      float[] nearest = own.add(theirs).sub(between).min(new int[] {1}).toFloatArray();
      return IntStream.range(0, nearest.length).mapToDouble(n -> nearest[n]).toArray();
    }
  }

  private static float[][] oneHot(ExampleSet set) {
    float[][] rows = new float[set.size()][set.labels().size()];
    for (int row = 0; row < set.size(); row++) {
      rows[row][set.targets()[row]] = 1;
    }
    return rows;
  }

  private static NDArray units(NDManager manager, ExampleSet set) {
    float[] values = new float[set.size() * set.width()];
    for (int row = 0; row < set.size(); row++) {
      System.arraycopy(Vectors.unit(set.embedding(row)), 0, values, row * set.width(), set.width());
    }
    return manager.create(values, new Shape(set.size(), set.width()));
  }
}

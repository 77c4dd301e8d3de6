package io.afina.trainer.fit;

import io.afina.model.Centroids;
import io.afina.model.Vectors;
import io.afina.trainer.data.ExampleSet;
import java.util.Arrays;

/**
 * Computes the {@link Centroids} of examples: the mean direction of every label, and how far
 * examples are from the nearest one. The distances are measured leave-one-out, each example from
 * means that it is no part of, so that few examples give fair ones too; of many, a sample is
 * measured.
 */
public final class CentroidFitter {

  /** A quantile a percent, from the nearest to the farthest. */
  private static final int QUANTILES = 101;

  /** Examples measured at least, at most, and the multiplications that may be spent on them. */
  private static final int FEWEST = 200;

  private static final int MOST = 2000;
  private static final long EFFORT = 50_000_000;

  private final ExampleSet examples;
  private final int width;

  /** Sums of unit vectors, one a label. */
  private final double[] sums;

  private CentroidFitter(ExampleSet examples) {
    this.examples = examples;
    this.width = examples.width();
    this.sums = new double[examples.labels().size() * width];
    for (int row = 0; row < examples.size(); row++) {
      float[] unit = Vectors.unit(examples.embedding(row));
      int at = examples.targets()[row] * width;
      for (int i = 0; i < width; i++) {
        sums[at + i] += unit[i];
      }
    }
  }

  /** The centroids of all labels. */
  public static Centroids fit(ExampleSet examples) {
    CentroidFitter fitter = new CentroidFitter(examples);
    return new Centroids(examples.width(), fitter.means(), fitter.distances());
  }

  /** The mean directions of all labels, unit vectors one after the other. */
  static float[] means(ExampleSet examples) {
    return new CentroidFitter(examples).means();
  }

  private float[] means() {
    float[] means = new float[sums.length];
    for (int at = 0; at < sums.length; at += width) {
      double squares = 0;
      for (int i = at; i < at + width; i++) {
        squares += sums[i] * sums[i];
      }
      double length = Math.sqrt(squares);
      for (int i = at; i < at + width; i++) {
        means[i] = length > 0 ? (float) (sums[i] / length) : 0;
      }
    }
    return means;
  }

  private float[] distances() {
    long affordable = Math.max(FEWEST, Math.min(MOST, EFFORT / sums.length));
    int count = (int) Math.min(examples.size(), affordable);
    double[] distances = new double[count];
    for (int n = 0; n < count; n++) {
      distances[n] = leaveOneOutDistance((int) ((long) n * examples.size() / count));
    }
    Arrays.sort(distances);
    float[] quantiles = new float[QUANTILES];
    for (int q = 0; q < QUANTILES; q++) {
      quantiles[q] = (float) distances[Math.round(q * (count - 1) / (QUANTILES - 1f))];
    }
    return quantiles;
  }

  private double leaveOneOutDistance(int row) {
    float[] unit = Vectors.unit(examples.embedding(row));
    double nearest = -1;
    for (int label = 0; label < examples.labels().size(); label++) {
      double own = label == examples.targets()[row] ? 1 : 0;
      int at = label * width;
      double dot = 0;
      double squares = 0;
      for (int i = 0; i < width; i++) {
        double mean = sums[at + i] - own * unit[i];
        dot += mean * unit[i];
        squares += mean * mean;
      }
      nearest = Math.max(nearest, squares > 0 ? dot / Math.sqrt(squares) : 0);
    }
    return 1 - nearest;
  }
}

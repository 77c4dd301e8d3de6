package io.afina.trainer.fit;

import io.afina.model.Centroids;
import io.afina.trainer.data.ExampleSet;
import java.util.Arrays;

/**
 * Makes the {@link Centroids} of examples. How far an example is from what is known is asked of
 * means that it is no part of (leave one out), which few examples allow too; of many, some are
 * asked.
 */
public final class CentroidFitter {

  /** One a hundredth, from the nearest to the farthest. */
  private static final int QUANTILES = 101;

  /** Examples asked at least, and the multiplications that may be spent on more. */
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
      float[] unit = unit(row);
      int at = examples.targets()[row] * width;
      for (int i = 0; i < width; i++) {
        sums[at + i] += unit[i];
      }
    }
  }

  public static Centroids of(ExampleSet examples) {
    CentroidFitter familiarity = new CentroidFitter(examples);
    return new Centroids(examples.width(), familiarity.means(), familiarity.distances());
  }

  private float[] means() {
    float[] means = new float[sums.length];
    for (int at = 0; at < sums.length; at += width) {
      double length = length(at);
      for (int i = at; i < at + width; i++) {
        means[i] = length > 0 ? (float) (sums[i] / length) : 0;
      }
    }
    return means;
  }

  private float[] distances() {
    int asked = asked();
    double[] distances = new double[asked];
    for (int n = 0; n < asked; n++) {
      distances[n] = distanceWithoutItself((int) ((long) n * examples.size() / asked));
    }
    Arrays.sort(distances);
    float[] quantiles = new float[QUANTILES];
    for (int q = 0; q < QUANTILES; q++) {
      quantiles[q] = (float) distances[Math.round(q * (asked - 1) / (QUANTILES - 1f))];
    }
    return quantiles;
  }

  private int asked() {
    long affordable = Math.max(FEWEST, Math.min(MOST, EFFORT / sums.length));
    return (int) Math.min(examples.size(), affordable);
  }

  private double distanceWithoutItself(int row) {
    float[] unit = unit(row);
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

  private double length(int at) {
    double squares = 0;
    for (int i = at; i < at + width; i++) {
      squares += sums[i] * sums[i];
    }
    return Math.sqrt(squares);
  }

  private float[] unit(int row) {
    float[] values = examples.embedding(row);
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    float factor = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return values;
  }
}

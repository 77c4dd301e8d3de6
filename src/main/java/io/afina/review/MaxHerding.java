package io.afina.review;

import io.afina.model.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Orders candidates for labels so that each next one covers most of what is not yet covered: those
 * that many others are like come first, outliers and what resembles earlier ones last. Coverage is
 * weighted, so that where a head is uncertain counts most (MaxHerding, Bae et al. 2024, <a
 * href="https://arxiv.org/abs/2407.12212">arXiv 2407.12212</a>; with uncertainty as the weight, Bae
 * et al. 2024, <a href="https://arxiv.org/abs/2412.20644">arXiv 2412.20644</a>). The kernel is a
 * Gaussian of the cosine distance whose bandwidth is the median distance of the candidates.
 */
public final class MaxHerding {

  private final float[][] units;
  private final double[] weights;
  private final double[][] kernel;

  /** Of each candidate, its greatest similarity to what is known or chosen. */
  private final double[] covered;

  private final double bandwidth;

  private MaxHerding(List<float[]> embeddings, double[] weights, List<float[]> known) {
    this.units = embeddings.stream().map(Vectors::unit).toArray(float[][]::new);
    this.weights = weights;
    this.kernel = Arrays.stream(units).map(this::distances).toArray(double[][]::new);
    this.bandwidth = median();
    Arrays.stream(kernel).forEach(row -> Arrays.setAll(row, i -> similarity(row[i])));
    this.covered = new double[units.length];
    known.stream()
        .map(embedding -> distances(Vectors.unit(embedding)))
        .forEach(row -> cover(i -> similarity(row[i])));
  }

  /**
   * The first so many candidates in the order in which they should be labelled. Takes time for each
   * pair of candidates, and of a candidate and a known one.
   *
   * @param embeddings of the candidates, all of one size
   * @param weights of the candidates, 0 or more
   * @param known embeddings that have labels, or get them now
   * @return indices of candidates, each once; equal ones in the order given
   */
  public static List<Integer> order(
      List<float[]> embeddings, double[] weights, List<float[]> known, int count) {
    MaxHerding herding = new MaxHerding(embeddings, weights, known);
    List<Integer> order = new ArrayList<>();
    boolean[] taken = new boolean[embeddings.size()];
    while (order.size() < Math.min(count, taken.length)) {
      int next = herding.best(taken);
      taken[next] = true;
      herding.cover(i -> herding.kernel[next][i]);
      order.add(next);
    }
    return order;
  }

  private int best(boolean[] taken) {
    int best = -1;
    double most = -1;
    for (int i = 0; i < taken.length; i++) {
      double gain = taken[i] ? -1 : gain(kernel[i]);
      if (gain > most) {
        most = gain;
        best = i;
      }
    }
    return best;
  }

  private double gain(double[] row) {
    double gain = 0;
    for (int i = 0; i < row.length; i++) {
      gain += weights[i] * Math.max(0, row[i] - covered[i]);
    }
    return gain;
  }

  private void cover(IntToDoubleFunction by) {
    Arrays.setAll(covered, i -> Math.max(covered[i], by.applyAsDouble(i)));
  }

  private double similarity(double distance) {
    return Math.exp(-distance / bandwidth);
  }

  private double[] distances(float[] unit) {
    return Arrays.stream(units).mapToDouble(other -> 1 - Vectors.dot(unit, other, 0)).toArray();
  }

  /** If most are alike, the kernel tells what is equal from what is not. */
  private double median() {
    double[] sorted =
        Arrays.stream(kernel)
            .flatMapToDouble(Arrays::stream)
            .filter(d -> d > 1e-6)
            .sorted()
            .toArray();
    return sorted.length == 0 ? 1 : sorted[sorted.length / 2];
  }
}

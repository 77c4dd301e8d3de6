package io.afina.model;

import io.afina.model.layer.Dense;

/**
 * The mean direction of every label's examples, to tell novel embeddings from known ones: a head
 * scores any embedding, and may be confident far from all that it was trained on. The distance is
 * the cosine distance to the nearest mean (compared with other measures in {@code
 * src/docs/decisions/0017-what-is-asked.md}).
 *
 * @param width size of the embedding
 * @param means unit vectors, one a label, one after the other
 * @param distances of the examples, leave-one-out: the quantiles 0, 1/n … 1
 */
public record Centroids(int width, float[] means, float[] distances) {

  public Centroids {
    if (width < 1 || means.length == 0 || means.length % width != 0 || distances.length < 2) {
      throw new IllegalArgumentException(
          "%d numbers and %d distances do not make means of %d"
              .formatted(means.length, distances.length, width));
    }
  }

  /**
   * Cosine distance to the nearest mean, 0 to 2.
   *
   * @param embedding as long as {@link #width}
   */
  public double distance(float[] embedding) {
    double length = Vectors.length(embedding);
    double nearest = -1;
    for (int at = 0; at < means.length; at += width) {
      nearest = Math.max(nearest, Vectors.dot(embedding, means, at) / length);
    }
    // A zero vector has no direction.
    return length == 0 ? 1 : 1 - nearest;
  }

  /** The quantile of the examples' distances; {@code quantile} is 0 to 1. */
  public double limit(double quantile) {
    double at = quantile * (distances.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, distances.length - 1);
    return distances[below] + (at - below) * (distances[above] - distances[below]);
  }

  /** The share of the examples that are nearer than this, 0 to 1: the inverse of {@link #limit}. */
  public double rank(double distance) {
    int above = 0;
    while (above < distances.length && distances[above] < distance) {
      above++;
    }
    if (above == 0 || above == distances.length) {
      return above == 0 ? 0 : 1;
    }
    float below = distances[above - 1];
    return (above - 1 + (distance - below) / (distances[above] - below)) / (distances.length - 1);
  }

  boolean isFinite() {
    return Dense.allFinite(means) && Dense.allFinite(distances);
  }
}

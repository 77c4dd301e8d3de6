package io.afina.model;

/**
 * What a head knows, as the mean direction of every label's examples: an embedding that is far from
 * all of them is like nothing that anybody labelled. A head says something of any embedding, and
 * may be sure of it; this says whether that means anything. The distance is the cosine distance to
 * the nearest of them (measured beside others in {@code src/docs/decisions/0017-what-is-asked.md}).
 *
 * @param width size of the embedding
 * @param means unit vectors, one a label, one after the other
 * @param distances of examples that the means were made without: the quantiles 0, 1/n … 1
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
    double squares = 0;
    for (float x : embedding) {
      squares += (double) x * x;
    }
    double nearest = -1;
    for (int at = 0; at < means.length; at += width) {
      nearest = Math.max(nearest, dot(at, embedding) / Math.sqrt(squares));
    }
    // Nothing has no direction.
    return squares == 0 ? 1 : 1 - nearest;
  }

  /** The distance that so many of the known examples keep within; {@code quantile} is 0 to 1. */
  public double limit(double quantile) {
    double at = quantile * (distances.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, distances.length - 1);
    return distances[below] + (at - below) * (distances[above] - distances[below]);
  }

  /**
   * The share of the known examples that are nearer than this, 0 to 1; {@link #limit} turned round.
   */
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

  private float dot(int at, float[] embedding) {
    float dot = 0;
    for (int i = 0; i < width; i++) {
      dot += means[at + i] * embedding[i];
    }
    return dot;
  }
}

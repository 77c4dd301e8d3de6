package io.afina.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trainable part: dense layers with a ReLU between them, evaluated in Java from plain arrays,
 * so that nothing native has to be released when another head takes its place. Immutable, so any
 * number of threads may ask it.
 *
 * @param centroids what it was trained on, or null when that is not known
 */
public record Head(HeadCard card, List<Dense> layers, @Nullable Centroids centroids) {

  public Head {
    layers = List.copyOf(layers);
    if (centroids != null && centroids.width() != card.inputs()) {
      throw new IllegalArgumentException(
          "centroids of %d numbers, but %d come in".formatted(centroids.width(), card.inputs()));
    }
    int size = card.inputs();
    for (Dense layer : layers) {
      if (layer.inputs() != size) {
        throw new IllegalArgumentException(
            "a layer takes %d numbers, but %d come in".formatted(layer.inputs(), size));
      }
      size = layer.outputs();
    }
    if (size != card.labels().size()) {
      throw new IllegalArgumentException(
          "%d outputs for %d labels".formatted(size, card.labels().size()));
    }
  }

  /** A head of which nobody says what it was trained on. */
  public Head(HeadCard card, List<Dense> layers) {
    this(card, layers, null);
  }

  public long version() {
    return card.version();
  }

  /**
   * Asks the head.
   *
   * @param embedding as long as {@link HeadCard#inputs()}
   */
  public Scores score(float[] embedding) {
    return Scores.softmax(card.labels(), logits(embedding), card.temperature());
  }

  /** The outputs before temperature and softmax, in the order of the labels. */
  public float[] logits(float[] embedding) {
    float[] values = layers.get(0).apply(embedding);
    for (Dense layer : layers.subList(1, layers.size())) {
      values = layer.apply(rectified(values));
    }
    return values;
  }

  /** Whether every number in it is finite. */
  boolean isFinite() {
    return layers.stream().allMatch(Dense::isFinite) && (centroids == null || centroids.isFinite());
  }

  private static float[] rectified(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, values[i]);
    }
    return values;
  }
}

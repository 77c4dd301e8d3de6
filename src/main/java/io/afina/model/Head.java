package io.afina.model;

import io.afina.decide.Acceptance;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import io.afina.model.layer.Layer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trainable part of a model: layers with a ReLU between them, evaluated in Java from plain
 * arrays, so that nothing native has to be released when another head takes its place. Immutable
 * and thread-safe.
 *
 * @param centroids of the examples that it was trained on, or null when they are not known
 */
public record Head(HeadCard card, List<Layer> layers, @Nullable Centroids centroids) {

  public Head {
    layers = List.copyOf(layers);
    if (centroids != null && centroids.width() != card.inputs()) {
      throw new IllegalArgumentException(
          "centroids of %d numbers, but %d come in".formatted(centroids.width(), card.inputs()));
    }
    for (String label : card.labels()) {
      requireLabel(label);
    }
    int size = card.inputs();
    for (Layer layer : layers) {
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

  /** Labels stand in every prediction. */
  private static void requireLabel(String label) {
    try {
      RecordLimits.require("a label", label, RecordLimits.LABEL);
    } catch (MalformedRecordException e) {
      throw new IllegalArgumentException("it " + e.getMessage(), e);
    }
  }

  /** A head without centroids. */
  public Head(HeadCard card, List<? extends Layer> layers) {
    this(card, List.copyOf(layers), null);
  }

  /** The same head with the thresholds of its decisions corrected. */
  Head corrected(double doubt) {
    Acceptance acceptance = card.acceptance();
    return acceptance == null || acceptance.doubt() == doubt
        ? this
        : new Head(card.with(acceptance.corrected(doubt)), layers, centroids);
  }

  public long version() {
    return card.version();
  }

  /**
   * Scores an embedding.
   *
   * @param embedding as long as {@link HeadCard#inputs()}
   */
  public Scores score(float[] embedding) {
    return Scores.softmax(card.labels(), Layer.logits(layers, embedding), card.temperature());
  }

  /** Whether all weights and centroids are finite. */
  boolean isFinite() {
    return layers.stream().allMatch(Layer::isFinite) && (centroids == null || centroids.isFinite());
  }
}

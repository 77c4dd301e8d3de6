package io.afina.model;

import io.afina.decide.Acceptance;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import io.afina.label.LabelTable;
import io.afina.label.OutputLabels;
import io.afina.model.layer.Layer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trainable part of a model: layers with a ReLU between them, evaluated in Java from plain
 * arrays, so that nothing native has to be released when another head takes its place. Immutable
 * and thread-safe.
 *
 * @param centroids of the examples that it was trained on, or null when they are not known
 * @param outputs what its outputs are called now; at first, as they were when it learned them
 */
public record Head(
    HeadCard card, List<Layer> layers, @Nullable Centroids centroids, OutputLabels outputs) {

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

  /** A head whose labels are called as it learned them. */
  public Head(HeadCard card, List<? extends Layer> layers, @Nullable Centroids centroids) {
    this(card, List.copyOf(layers), centroids, OutputLabels.of(card.labels(), LabelTable.EMPTY));
  }

  /** A head without centroids. */
  public Head(HeadCard card, List<? extends Layer> layers) {
    this(card, layers, null);
  }

  /** The same head; its labels are called as a table says. */
  public Head called(LabelTable table) {
    return new Head(card, layers, centroids, OutputLabels.of(card.labels(), table));
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
   * Scores an embedding by the labels as they are called now; by none, when all are retired.
   *
   * @param embedding as long as {@link HeadCard#inputs()}
   */
  public Scores score(float[] embedding) {
    return new Scores(
        outputs.names(),
        outputs.probabilities(Layer.logits(layers, embedding), card.temperature()));
  }

  /** Whether all weights and centroids are finite. */
  boolean isFinite() {
    return layers.stream().allMatch(Layer::isFinite) && (centroids == null || centroids.isFinite());
  }
}

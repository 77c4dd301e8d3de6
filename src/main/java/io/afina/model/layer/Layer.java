package io.afina.model.layer;

import java.util.List;

/**
 * A layer of a head as plain arrays, evaluated in Java: {@link Dense}, or {@link Landmarks} before
 * one. Between layers stands a ReLU, which leaves what {@link Landmarks} give as it is.
 */
public sealed interface Layer permits Dense, Landmarks {

  /** Size of what goes in. */
  int inputs();

  /** Size of what comes out. */
  int outputs();

  /** The layer's outputs, a new array. */
  float[] apply(float[] input);

  /** Whether all its numbers are finite. */
  boolean isFinite();

  /** Applies layers one after the other, with a ReLU between them; a new array. */
  static float[] logits(List<Layer> layers, float[] embedding) {
    float[] values = layers.get(0).apply(embedding);
    for (Layer layer : layers.subList(1, layers.size())) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(0, values[i]);
      }
      values = layer.apply(values);
    }
    return values;
  }
}

package io.afina.backbone.card;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How an output that is more than a vector becomes one. */
public enum Pooling {
  /** The output is a vector, and anything else is refused. */
  VECTOR,
  /** All its numbers, one behind the other. */
  NONE,
  /** The first token: what a vision transformer collects for its classifier. */
  CLS,
  /** The mean over tokens or places. */
  MEAN,
  /**
   * The generalised mean over tokens or places, with exponent 3 (Radenović et al., "Fine-tuning CNN
   * Image Retrieval with No Human Annotation", 2018).
   */
  GEM;

  /** Its name in cards, such as {@code mean}; {@link #VECTOR} is what a card says by silence. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Pooling> named(String word) {
    return Arrays.stream(values())
        .filter(pooling -> pooling != VECTOR && pooling.word().equals(word))
        .findFirst();
  }
}

package io.afina.trainer;

import io.afina.model.ModelWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Computes how large a head can be at most, so that none is trained that {@code models} does not
 * take.
 *
 * @param inputs numbers of an embedding
 * @param hidden width of the hidden layer, or 0 for a dense head
 * @param labels that it would have
 */
record HeadSize(int inputs, int hidden, List<String> labels) {

  /** More than a card has beside its labels, and the file and the record around it. */
  private static final long FIXED = 1_000_000;

  /** More than the card has about a label, beside its name. */
  private static final int MEASURES = 200;

  /** The card has the name twice, and escapes. */
  private static final int NAMES = 4;

  private static final int FLOAT = 4;
  private static final int HALF = 2;

  /** Why there can be no such head, and which setting mends that; empty when it is small enough. */
  Optional<String> tooLarge() {
    return bytes() <= ModelWriter.LARGEST_HEAD
        ? Optional.empty()
        : Optional.of(
            "a head of %d labels, %d numbers and trainer.hidden=%d would have %d MB, and models takes %d MB: set %s at most"
                .formatted(
                    labels.size(),
                    inputs,
                    hidden,
                    bytes() >> 20,
                    ModelWriter.LARGEST_HEAD >> 20,
                    remedy()));
  }

  long bytes() {
    return FIXED + hidden * perUnit() + labels.size() * (perLabel() + weights());
  }

  private String remedy() {
    long left = ModelWriter.LARGEST_HEAD - FIXED;
    long units = (left - labels.size() * perLabel()) / (perUnit() + (long) FLOAT * labels.size());
    return hidden > 0 && units > 0
        ? "trainer.hidden=" + units
        : "trainer.maxLabels="
            + Math.max(2, (left - hidden * perUnit()) / (perLabel() + weights()));
  }

  /** A hidden unit's weights and bias. */
  private long perUnit() {
    return FLOAT * (inputs + 1L);
  }

  /** Of what lies before the labels' layer. */
  private long weights() {
    return FLOAT * (long) (hidden > 0 ? hidden : inputs);
  }

  /** A label's bias, the mean of its examples, and what the card says of it. */
  private long perLabel() {
    long longest =
        labels.stream()
            .mapToLong(label -> label.getBytes(StandardCharsets.UTF_8).length)
            .max()
            .orElse(0);
    return FLOAT + (long) HALF * inputs + MEASURES + NAMES * longest;
  }
}

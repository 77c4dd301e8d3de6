package io.afina.trainer;

import io.afina.model.HeadRecipe.Form;
import io.afina.model.ModelWriter;
import io.afina.model.layer.Landmarks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Computes how large a head can be at most, so that none is trained that {@code models} does not
 * take.
 *
 * @param inputs numbers of an embedding
 * @param width of the layer that stands before the labels' one; 0 where none does
 * @param labels that it would have
 * @param form for people
 */
record HeadSize(int inputs, int width, List<String> labels, Form form) {

  /** More than a card has beside its labels, and the file and the record around it. */
  private static final long FIXED = 1_000_000;

  /** More than the card has about a label, beside its name. */
  private static final int MEASURES = 200;

  /** The card has the name three times, and escapes. */
  private static final int NAMES = 6;

  private static final int FLOAT = 4;
  private static final int HALF = 2;

  /**
   * That of a form.
   *
   * @param hidden width of a hidden layer
   */
  HeadSize(int inputs, Form form, int hidden, List<String> labels) {
    this(
        inputs,
        form == Form.HIDDEN ? hidden : form == Form.KERNEL ? Landmarks.MOST : 0,
        labels,
        form);
  }

  /** Why there can be no such head, and which setting mends that; empty when it is small enough. */
  Optional<String> tooLarge() {
    return bytes() <= ModelWriter.LARGEST_HEAD
        ? Optional.empty()
        : Optional.of(
            "a head of %d labels, %d numbers and %s would have %d MB, and models takes %d MB: set %s at most"
                .formatted(
                    labels.size(),
                    inputs,
                    what(),
                    bytes() >> 20,
                    ModelWriter.LARGEST_HEAD >> 20,
                    remedy()));
  }

  long bytes() {
    return FIXED + width * perUnit() + labels.size() * (perLabel() + weights());
  }

  private String what() {
    return width == 0
        ? "one layer"
        : form == Form.HIDDEN ? "trainer.hidden=" + width : width + " landmarks";
  }

  private String remedy() {
    long left = ModelWriter.LARGEST_HEAD - FIXED;
    long units = (left - labels.size() * perLabel()) / (perUnit() + (long) FLOAT * labels.size());
    return form == Form.HIDDEN && units > 0
        ? "trainer.hidden=" + units
        : "trainer.maxLabels=" + Math.max(2, (left - width * perUnit()) / (perLabel() + weights()));
  }

  /** A hidden unit's weights and bias. */
  private long perUnit() {
    return FLOAT * (inputs + 1L);
  }

  /** Of what lies before the labels' layer. */
  private long weights() {
    return FLOAT * (long) (width > 0 ? width : inputs);
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

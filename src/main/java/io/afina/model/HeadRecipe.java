package io.afina.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.afina.event.JsonShape.Range;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * How the layers of a head are fitted: their form, and what was chosen for it by measuring.
 *
 * @param form of the layers
 * @param strength the inverse of the regularisation strength, as scikit-learn's C; larger than 0
 * @param epochs passes over the examples, where the form stops early; 0 where it does not
 */
public record HeadRecipe(Form form, @Range double strength, @Range int epochs) {

  /** Forms of heads, the simplest first: of two that are equally good the first answers. */
  public enum Form {
    /** The nearest mean of a label's examples, for few examples. */
    @JsonProperty("means")
    MEANS,
    /** One dense layer: logistic regression. */
    @JsonProperty("dense")
    DENSE,
    /** Similarities to landmarks among the examples, then a dense layer. */
    @JsonProperty("kernel")
    KERNEL,
    /** Dense, ReLU, dense: the textbook recipe of transfer learning. */
    @JsonProperty("hidden")
    HIDDEN;

    /** As a configuration and a card spell it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Such as {@code dense, C = 0.1} or {@code hidden, C = 1, 12 epochs}. */
  public String text() {
    return "%s, C = %s%s"
        .formatted(
            form.text(),
            new DecimalFormat("0.######", DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(strength),
            epochs > 0 ? ", %d epochs".formatted(epochs) : "");
  }
}

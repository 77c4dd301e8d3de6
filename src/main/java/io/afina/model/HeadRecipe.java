package io.afina.model;

import java.util.Locale;

/**
 * How the layers of a head are fitted: their form, and what was chosen for it by measuring.
 *
 * @param form of the layers
 * @param strength the inverse of the regularisation strength, as scikit-learn's C; larger than 0
 * @param epochs passes over the examples, where the form stops early; 0 where it does not
 */
public record HeadRecipe(Form form, double strength, int epochs) {

  /** Forms of heads, the simplest first: of two that are equally good the first answers. */
  public enum Form {
    /** The nearest mean of a label's examples, for few examples. */
    MEANS,
    /** One dense layer: logistic regression. */
    DENSE,
    /** Similarities to landmarks among the examples, then a dense layer. */
    KERNEL,
    /** Dense, ReLU, dense: the textbook recipe of transfer learning. */
    HIDDEN;

    /** As a configuration and a card spell it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

package io.afina.trainer.fit;

import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.layer.Landmarks;
import io.afina.trainer.data.ExampleSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lists the recipes that are worth trying on some examples.
 *
 * @param hidden width of the hidden layer
 */
record Recipes(ExampleSet examples, int hidden) {

  /** With fewer examples of every label their means take part, and no form that needs more. */
  private static final int FEW = 5;

  /** With fewer examples a hidden layer has far more weights than there is to learn. */
  private static final int ENOUGH = 500;

  /**
   * Multiplications of an epoch, above which the hidden form is tried only by who asks for it: a
   * training of it then takes seconds, ten times as long as the others.
   */
  private static final double LONGEST_EPOCH = 2.5e9;

  /** C of scikit-learn's logistic regression. */
  private static final double DEFAULT = 1;

  /** In bytes; layers that are no larger than dense ones may be larger. */
  private static final long LARGE = 16_000_000;

  /** The simplest first; of a form that is fixed the strengths alone. */
  List<HeadRecipe> all(Optional<Form> fixed) {
    return fixed.map(Stream::of).orElseGet(this::forms).flatMap(Recipes::of).toList();
  }

  private Stream<Form> forms() {
    return IntStream.of(examples.counts()).allMatch(count -> count < FEW)
        ? Stream.of(Form.MEANS, Form.DENSE)
        : Stream.of(Form.DENSE, Form.KERNEL, Form.HIDDEN)
            .filter(form -> bytes(form) <= Math.max(LARGE, bytes(Form.DENSE)))
            .filter(form -> form != Form.HIDDEN || takesHidden());
  }

  private boolean takesHidden() {
    return hidden > 0
        && examples.size() >= ENOUGH
        && (double) examples.size() * examples.width() * hidden <= LONGEST_EPOCH;
  }

  /** What the layers take in a head's file. */
  private long bytes(Form form) {
    long inputs = examples.width();
    long labels = examples.labels().size();
    return switch (form) {
      case MEANS, DENSE -> Float.BYTES * inputs * labels;
      case KERNEL -> Landmarks.MOST * (Short.BYTES * inputs + Float.BYTES * labels);
      case HIDDEN -> (long) Float.BYTES * hidden * (inputs + labels);
    };
  }

  /** The same form with the next strength, up to the default of what it is made after. */
  static Optional<HeadRecipe> stronger(HeadRecipe recipe) {
    return of(recipe.form())
        .filter(next -> next.strength() > recipe.strength())
        .filter(next -> next.form() != Form.DENSE || next.strength() <= DEFAULT)
        .findFirst();
  }

  private static Stream<HeadRecipe> of(Form form) {
    double[] strengths =
        switch (form) {
          case MEANS -> new double[] {1};
          case DENSE -> new double[] {0.01, 0.1, 1, 10, 100};
          case KERNEL -> new double[] {3, 10, 30, 100};
          case HIDDEN -> new double[] {10};
        };
    return DoubleStream.of(strengths).mapToObj(strength -> new HeadRecipe(form, strength, 0));
  }
}

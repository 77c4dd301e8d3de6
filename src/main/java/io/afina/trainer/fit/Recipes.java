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

  /**
   * With fewer examples a label is young. Where all are, their means take part, and no form that
   * needs more.
   */
  private static final int FEW = 5;

  /** With fewer examples a hidden layer has far more weights than there is to learn. */
  private static final int ENOUGH = 500;

  /**
   * Multiplications of an epoch, above which the hidden form is tried only by who asks for it: a
   * training of it then takes seconds, ten times as long as the others.
   */
  private static final double LONGEST_EPOCH = 2.5e9;

  /** In bytes; layers that are no larger than dense ones may be larger. */
  private static final long LARGE = 16_000_000;

  /** The simplest first; of a form that is fixed the strengths alone. */
  List<HeadRecipe> all(Optional<Form> fixed) {
    int[] counts = examples.counts();
    boolean young = IntStream.of(counts).anyMatch(count -> count < FEW);
    Stream<Form> forms =
        fixed.map(Stream::of).orElseGet(() -> forms(IntStream.of(counts).allMatch(n -> n < FEW)));
    return forms.flatMap(form -> of(form, young)).toList();
  }

  private Stream<Form> forms(boolean few) {
    return few
        ? Stream.of(Form.MEANS, Form.DENSE)
        : Stream.of(Form.DENSE, Form.KERNEL, Form.HIDDEN)
            .filter(form -> bytes(form) <= Math.max(LARGE, bytes(Form.DENSE)))
            .filter(form -> form != Form.HIDDEN || takesHidden());
  }

  private boolean takesHidden() {
    return examples.size() >= ENOUGH
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

  /**
   * A form's recipes.
   *
   * @param young whether a label has few examples: with the weakest strength not even they would
   *     get their own label
   */
  private static Stream<HeadRecipe> of(Form form, boolean young) {
    double[] strengths =
        switch (form) {
          case MEANS -> new double[] {1};
          case DENSE -> new double[] {0.01, 0.1, 1, 10, 100};
          case KERNEL -> new double[] {3, 10, 30, 100};
          case HIDDEN -> new double[] {10};
        };
    return DoubleStream.of(strengths)
        .skip(young && strengths.length > 1 ? 1 : 0)
        .mapToObj(strength -> new HeadRecipe(form, strength, 0));
  }
}

package io.afina.trainer.judge;

import io.afina.model.Head;
import io.afina.trainer.data.ExampleSet;
import java.util.Optional;

/**
 * Two heads on examples that came after both were trained: what people said since is unseen by
 * either.
 *
 * @param examples how many
 * @param drawn whether they are those that chance drew. Others were asked about because the
 *     champion hesitates or the two differ, which is unfair to the champion
 * @param one share that the one gets right, 0 to 1
 * @param other share that the other gets right, 0 to 1
 */
record HeadComparison(int examples, boolean drawn, double one, double other) {

  /**
   * How many examples it takes.
   *
   * @param least of any kind
   * @param most that are asked about, the newest
   * @param drawn that chance drew: with so many, only these count
   */
  record Terms(int least, int most, int drawn) {}

  /**
   * Lets them answer the newest such examples.
   *
   * @return empty while there are too few
   */
  static Optional<HeadComparison> between(Head one, Head other, ExampleSet all, Terms terms) {
    ExampleSet unseen =
        all.since(one.card().training().offsets()).since(other.card().training().offsets());
    if (unseen.size() < terms.least()) {
      return Optional.empty();
    }
    ExampleSet fair = unseen.drawn();
    boolean drawn = fair.size() >= terms.drawn();
    ExampleSet judged = (drawn ? fair : unseen).newest(terms.most());
    return Optional.of(
        new HeadComparison(
            judged.size(),
            drawn,
            Evaluation.of(one, judged).accuracy(),
            Evaluation.of(other, judged).accuracy()));
  }

  /** What they answered, for people. */
  String what() {
    return examples + (drawn ? " corrections of pictures drawn by chance" : " corrections");
  }
}

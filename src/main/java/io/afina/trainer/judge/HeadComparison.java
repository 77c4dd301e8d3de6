package io.afina.trainer.judge;

import io.afina.model.Head;
import io.afina.trainer.data.ExampleSet;
import java.util.Optional;

/**
 * Compares two heads on the examples that came after both were trained, unseen by either.
 *
 * @param examples how many
 * @param audited whether these are of the random sample alone. The others were sent to review
 *     because the champion was uncertain or the two disagree, which biases against the champion
 * @param first accuracy of the first head, 0 to 1
 * @param second accuracy of the second head, 0 to 1
 */
record HeadComparison(int examples, boolean audited, double first, double second) {

  /**
   * Evaluates both heads on the newest such examples, each by the embeddings of its own backbone.
   *
   * @param all examples that have embeddings of both backbones
   * @param least examples of any kind that it takes
   * @param most that are evaluated, the newest
   * @param auditLeast once so many are of the random sample, only these count
   * @return empty while there are too few
   */
  static Optional<HeadComparison> between(
      Head first, Head second, ExampleSet all, int least, int most, int auditLeast) {
    ExampleSet unseen = all.newTo(first.card()).newTo(second.card());
    if (unseen.size() < least) {
      return Optional.empty();
    }
    ExampleSet sample = unseen.audited();
    boolean audited = sample.size() >= auditLeast;
    ExampleSet newest = (audited ? sample : unseen).newest(most);
    return Optional.of(
        new HeadComparison(
            newest.size(),
            audited,
            Evaluation.of(first, newest).accuracy(),
            Evaluation.of(second, newest).accuracy()));
  }

  /** The examples, for people. */
  String description() {
    return examples + (audited ? " corrections of pictures drawn by chance" : " corrections");
  }
}

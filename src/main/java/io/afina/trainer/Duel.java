package io.afina.trainer;

import io.afina.model.Head;
import java.util.Optional;

/**
 * Two heads on examples that came after both were trained: what people said since is unseen by
 * either.
 *
 * @param examples how many
 * @param one share that the one gets right, 0 to 1
 * @param other share that the other gets right, 0 to 1
 */
record Duel(int examples, double one, double other) {

  /**
   * Lets them answer the newest such examples.
   *
   * @param most examples to ask about
   * @return empty while there is none
   */
  static Optional<Duel> between(Head one, Head other, Examples all, int most) {
    Examples unseen =
        all.since(one.card().training().offsets())
            .since(other.card().training().offsets())
            .newest(most);
    return unseen.size() == 0
        ? Optional.empty()
        : Optional.of(
            new Duel(
                unseen.size(),
                Answers.of(one, unseen).accuracy(),
                Answers.of(other, unseen).accuracy()));
  }
}

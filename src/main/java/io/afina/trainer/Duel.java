package io.afina.trainer;

import io.afina.model.Head;
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
record Duel(int examples, boolean drawn, double one, double other) {

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
  static Optional<Duel> between(Head one, Head other, Examples all, Terms terms) {
    Examples unseen =
        all.since(one.card().training().offsets()).since(other.card().training().offsets());
    if (unseen.size() < terms.least()) {
      return Optional.empty();
    }
    Examples fair = unseen.drawn();
    boolean drawn = fair.size() >= terms.drawn();
    Examples judged = (drawn ? fair : unseen).newest(terms.most());
    return Optional.of(
        new Duel(
            judged.size(),
            drawn,
            Answers.of(one, judged).accuracy(),
            Answers.of(other, judged).accuracy()));
  }

  /** What they answered, for people. */
  String what() {
    return examples + (drawn ? " corrections of pictures drawn by chance" : " corrections");
  }
}

package io.afina.chaos;

import java.util.List;

/**
 * A promise that is broken on purpose, by nothing but settings that Afina passes through: the
 * product has no switch for it.
 *
 * @param classifier more arguments of the classifiers
 * @param trainers more arguments of each trainer
 */
record Mutation(List<String> classifier, List<List<String>> trainers) {

  private static final List<String> NOTHING = List.of();

  /** Afina as it is. */
  static final Mutation NONE = new Mutation(NOTHING, List.of(NOTHING, NOTHING));

  /** Outcomes and offsets are written, but not in one transaction. */
  static final Mutation AT_LEAST_ONCE =
      new Mutation(
          List.of("--set", "classifier.guarantee=at_least_once"), List.of(NOTHING, NOTHING));

  /** Offsets are committed before the outcomes of their records are written. */
  static final Mutation EARLY_COMMIT =
      new Mutation(
          List.of("--set", "kafka.default.client.supplier=" + EarlyCommit.class.getName()),
          List.of(NOTHING, NOTHING));

  /** Trainers that share neither a group nor a transactional id: nobody fences anybody. */
  static final Mutation NO_FENCING =
      new Mutation(NOTHING, List.of(NOTHING, List.of("--set", "trainer.group=another")));
}

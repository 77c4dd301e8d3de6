package io.afina.chaos;

import java.util.List;

/**
 * A promise that is broken on purpose, by nothing but settings that Afina passes through: the
 * product has no switch for it.
 *
 * @param classifier more arguments of the classifiers
 * @param trainers more arguments of each trainer
 * @param hit the processes that are struck where a process is, or none for all
 */
record Mutation(List<String> classifier, List<List<String>> trainers, List<String> hit) {

  private static final List<String> NOTHING = List.of();
  private static final List<String> CLASSIFIERS = List.of("classify-1", "classify-2");

  /** Afina as it is. */
  static final Mutation NONE = new Mutation(NOTHING, List.of(NOTHING, NOTHING), NOTHING);

  /**
   * Outcomes and offsets are written, but not in one transaction, and not so often that only a
   * lucky kill shows it.
   */
  static final Mutation AT_LEAST_ONCE =
      new Mutation(
          List.of(
              "--set",
              "classifier.guarantee=at_least_once",
              "--set",
              "classifier.commitInterval=2s",
              "--set",
              "classifier.busyCommitInterval=2s"),
          List.of(NOTHING, NOTHING),
          CLASSIFIERS);

  /** Offsets are committed before the outcomes of their records are written. */
  static final Mutation EARLY_COMMIT =
      new Mutation(
          List.of("--set", "kafka.default.client.supplier=" + EarlyCommit.class.getName()),
          List.of(NOTHING, NOTHING),
          CLASSIFIERS);

  /** Trainers that share neither a group nor a transactional id: nobody fences anybody. */
  static final Mutation NO_FENCING =
      new Mutation(NOTHING, List.of(NOTHING, List.of("--set", "trainer.group=another")), NOTHING);
}

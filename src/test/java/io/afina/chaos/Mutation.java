package io.afina.chaos;

import java.util.List;
import java.util.Map;

/**
 * A promise that is broken on purpose, by nothing but settings that Afina passes through: the
 * product has no switch for it.
 *
 * @param arguments more arguments of processes, by their names
 * @param hit the processes that are struck where a process is, or none for all
 */
record Mutation(Map<String, List<String>> arguments, List<String> hit) {

  private static final String ONE = "classify-1";
  private static final String OTHER = "classify-2";
  private static final List<String> CLASSIFIERS = List.of(ONE, OTHER);

  private static final List<String> WITHOUT_TRANSACTIONS =
      List.of(
          "--set",
          "classifier.guarantee=at_least_once",
          "--set",
          "classifier.commitInterval=2s",
          "--set",
          "classifier.busyCommitInterval=2s");

  private static final List<String> TOO_EARLY =
      List.of("--set", "kafka.default.client.supplier=" + EarlyCommit.class.getName());

  private static final Map<String, List<String>> UNFENCED =
      Map.of("train-2", List.of("--set", "trainer.group=another"));

  /** Afina as it is. */
  static final Mutation NONE = new Mutation(Map.of(), List.of());

  /**
   * Outcomes and offsets are written, but not in one transaction, and not so often that only a
   * lucky kill shows it.
   */
  static final Mutation AT_LEAST_ONCE =
      new Mutation(Map.of(ONE, WITHOUT_TRANSACTIONS, OTHER, WITHOUT_TRANSACTIONS), CLASSIFIERS);

  /** Offsets are committed before the outcomes of their records are written. */
  static final Mutation EARLY_COMMIT =
      new Mutation(Map.of(ONE, TOO_EARLY, OTHER, TOO_EARLY), CLASSIFIERS);

  /** Trainers that share neither a group nor a transactional id: nobody fences anybody. */
  static final Mutation NO_FENCING = new Mutation(UNFENCED, List.of());

  /** Each process breaks a promise of its own: the first classifier, the second, and a trainer. */
  static final Mutation EVERYTHING =
      new Mutation(
          Map.of(ONE, WITHOUT_TRANSACTIONS, OTHER, TOO_EARLY, "train-2", UNFENCED.get("train-2")),
          CLASSIFIERS);

  /** More arguments of a process. */
  List<String> of(String process) {
    return arguments.getOrDefault(process, List.of());
  }
}

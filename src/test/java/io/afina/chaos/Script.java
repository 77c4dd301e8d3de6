package io.afina.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The faults of one side in their order, drawn from a seed: in rounds, each of which has every
 * fault once, so that a short run has seen them all.
 */
final class Script {

  private static final int SHORTEST_PEACE = 500;
  private static final int LONGEST_PEACE = 3000;
  private static final int SHORTEST = 500;

  /** Longer than the session of a group's member (6 s) and than a transaction may take (10 s). */
  private static final int LONGEST = 16_000;

  private static final int TARGETS = 60;

  private final Random random;
  private final List<Fault> faults;
  private final List<Fault> round = new ArrayList<>();

  /**
   * @param faults of one side
   */
  Script(long seed, List<Fault> faults) {
    this.random = new Random(seed);
    this.faults = List.copyOf(faults);
  }

  Strike next() {
    if (round.isEmpty()) {
      round.addAll(faults);
      Collections.shuffle(round, random);
    }
    return new Strike(
        round.remove(round.size() - 1),
        SHORTEST_PEACE + random.nextInt(LONGEST_PEACE - SHORTEST_PEACE),
        random.nextInt(TARGETS),
        millis());
  }

  /** More short ones than long ones. */
  private int millis() {
    double drawn = random.nextDouble();
    return SHORTEST + (int) (drawn * drawn * (LONGEST - SHORTEST));
  }
}

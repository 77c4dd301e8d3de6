package io.afina.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.chaos.Finding.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A harness that finds nothing proves nothing: promises that are broken on purpose are found. */
class PlantedFaultsIT {

  /** Here nobody needs to be sure that nothing else is missing. */
  private static final Duration SILENCE = Duration.ofSeconds(8);

  @TempDir Path folder;

  @Test
  void shouldFindDoublesWithoutExactlyOnce() throws Exception {
    assertThat(kinds(Mutation.AT_LEAST_ONCE, Fault.KILL)).contains(Kind.DOUBLED);
  }

  @Test
  void shouldFindLossesWhereOffsetsAreCommittedEarly() throws Exception {
    assertThat(kinds(Mutation.EARLY_COMMIT, Fault.KILL)).contains(Kind.LOST);
  }

  @Test
  void shouldFindAVersionConflictWhereNobodyFencesTrainers() throws Exception {
    assertThat(kinds(Mutation.NO_FENCING, Fault.POISON_FLOOD)).contains(Kind.VERSION_CONFLICT);
  }

  private List<Kind> kinds(Mutation mutation, Fault fault) throws Exception {
    Chaos.Settings settings =
        new Chaos.Settings(5, 1, 4, Duration.ZERO, 30, SILENCE, List.of(fault), mutation);
    try (Chaos chaos = new Chaos(settings, folder)) {
      return chaos.run().findings().stream().map(Finding::kind).distinct().toList();
    }
  }
}

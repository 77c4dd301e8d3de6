package io.afina.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.chaos.check.Finding;
import io.afina.chaos.check.Finding.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A harness that finds nothing proves nothing: promises that are broken on purpose are found. */
class PlantedFaultsIT {

  /** Here nobody needs to be sure that nothing else is missing. */
  private static final Duration SILENCE = Duration.ofSeconds(8);

  @TempDir Path folder;

  @Test
  void shouldFindWhatEachProcessBreaks() throws Exception {
    assertThat(kinds(Mutation.EVERYTHING, 8, Fault.KILL))
        .contains(Kind.DOUBLED, Kind.LOST, Kind.VERSION_CONFLICT);
  }

  @Test
  @Tag("nightly")
  void shouldFindDoublesWithoutExactlyOnce() throws Exception {
    assertThat(kinds(Mutation.AT_LEAST_ONCE, 4, Fault.KILL)).contains(Kind.DOUBLED);
  }

  @Test
  @Tag("nightly")
  void shouldFindLossesWhereOffsetsAreCommittedEarly() throws Exception {
    assertThat(kinds(Mutation.EARLY_COMMIT, 4, Fault.KILL)).contains(Kind.LOST);
  }

  @Test
  @Tag("nightly")
  void shouldFindAVersionConflictWhereNobodyFencesTrainers() throws Exception {
    assertThat(kinds(Mutation.NO_FENCING, 4, Fault.POISON_FLOOD)).contains(Kind.VERSION_CONFLICT);
  }

  private List<Kind> kinds(Mutation mutation, int strikes, Fault fault) throws Exception {
    Chaos.Settings settings =
        new Chaos.Settings(5, 1, strikes, Duration.ZERO, 30, SILENCE, List.of(fault), mutation);
    try (Chaos chaos = new Chaos(settings, folder)) {
      List<Finding> findings = chaos.run().findings();
      return findings.stream().map(Finding::kind).distinct().toList();
    }
  }
}

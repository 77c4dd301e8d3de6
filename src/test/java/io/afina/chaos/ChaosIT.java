package io.afina.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.chaos.check.Finding;
import io.afina.chaos.check.Finding.Kind;
import io.afina.config.Durations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run in every build, and nightly ones in which promises are broken on purpose: a harness
 * that finds nothing proves nothing. In one class, because two runs at once would be too much for
 * two cores. Longer by hand: {@code mvn -Pchaos verify -Dafina.chaos.seed=4
 * -Dafina.chaos.duration=2h}; {@code -Dafina.chaos.only=KILL,CUT} picks faults, {@code
 * -Dafina.chaos.rate} steps of the load a second. The run's folder keeps the history, the summary
 * and what every process said.
 */
class ChaosIT {

  private static final long SEED = Long.getLong("afina.chaos.seed", 17);
  private static final int FAULTS = Integer.getInteger("afina.chaos.faults", 10);
  private static final Duration AT_LEAST =
      Durations.parse(System.getProperty("afina.chaos.duration", "0s"));
  private static final int RATE = Integer.getInteger("afina.chaos.rate", 40);
  private static final Duration SILENCE = Duration.ofMinutes(2);

  /** Where nobody needs to be sure that nothing else is missing. */
  private static final Duration SHORT_SILENCE = Duration.ofSeconds(8);

  private static final Path FOLDER =
      Path.of(System.getProperty("afina.chaos.folder", "target/chaos"));

  @TempDir Path planted;

  @Test
  void shouldKeepItsPromisesWhateverFails() throws Exception {
    // given
    Path folder = Files.createDirectories(FOLDER.toAbsolutePath());
    Path run = Files.createTempDirectory(folder, "seed-%d-".formatted(SEED));
    try (Chaos chaos =
        new Chaos(
            new Chaos.Settings(
                SEED, 3, FAULTS, AT_LEAST, RATE, SILENCE, faults(), Mutation.NONE, Set.of()),
            run)) {

      // when
      Summary summary = chaos.run();

      // then
      System.out.println(summary.page());
      assertThat(summary.findings()).as(() -> read(run.resolve("history.txt"))).isEmpty();
      assertThat(summary.history().predictions()).isNotEmpty();
      assertThat(summary.history().examples()).isNotEmpty();
    }
  }

  @Test
  @Tag("nightly")
  void shouldFindWhatEachProcessBreaks() throws Exception {
    // What is lost is known only at the end.
    assertThat(found(Mutation.EVERYTHING, Fault.KILL, Kind.DOUBLED, Kind.VERSION_CONFLICT))
        .contains(Kind.DOUBLED, Kind.LOST, Kind.VERSION_CONFLICT);
  }

  @Test
  @Tag("nightly")
  void shouldFindDoublesWithoutExactlyOnce() throws Exception {
    assertThat(found(Mutation.AT_LEAST_ONCE, Fault.KILL, Kind.DOUBLED)).contains(Kind.DOUBLED);
  }

  @Test
  @Tag("nightly")
  void shouldFindLossesWhereOffsetsAreCommittedEarly() throws Exception {
    assertThat(found(Mutation.EARLY_COMMIT, Fault.KILL)).contains(Kind.LOST);
  }

  @Test
  @Tag("nightly")
  void shouldFindAVersionConflictWhereNobodyFencesTrainers() throws Exception {
    assertThat(found(Mutation.NO_FENCING, Fault.POISON_FLOOD, Kind.VERSION_CONFLICT))
        .contains(Kind.VERSION_CONFLICT);
  }

  /** Strikes four times, which this seed deals out in turn, and on until all of it is found. */
  private Set<Kind> found(Mutation mutation, Fault fault, Kind... sought) throws Exception {
    Chaos.Settings settings =
        new Chaos.Settings(
            20, 1, 4, Duration.ZERO, 30, SHORT_SILENCE, List.of(fault), mutation, Set.of(sought));
    try (Chaos chaos = new Chaos(settings, planted)) {
      return chaos.run().findings().stream().map(Finding::kind).collect(Collectors.toSet());
    }
  }

  /** The history begins with the seed. */
  private static String read(Path history) {
    try {
      return Files.readString(history);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Fault> faults() {
    String only = System.getProperty("afina.chaos.only");
    return only == null ? Fault.all() : Arrays.stream(only.split(",")).map(Fault::valueOf).toList();
  }
}

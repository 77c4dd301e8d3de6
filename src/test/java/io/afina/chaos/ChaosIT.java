package io.afina.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.Durations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A short run in every build. Longer by hand: {@code mvn -Pchaos verify -Dafina.chaos.seed=4
 * -Dafina.chaos.duration=2h}; {@code -Dafina.chaos.only=KILL,CUT} picks faults, {@code
 * -Dafina.chaos.rate} steps of the load a second. The run's folder keeps the history, the summary
 * and what every process said.
 */
class ChaosIT {

  private static final long SEED = Long.getLong("afina.chaos.seed", 17);
  private static final int FAULTS = Integer.getInteger("afina.chaos.faults", 16);
  private static final Duration AT_LEAST =
      Durations.parse(System.getProperty("afina.chaos.duration", "0s"));
  private static final int RATE = Integer.getInteger("afina.chaos.rate", 40);
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final Path FOLDER =
      Path.of(System.getProperty("afina.chaos.folder", "target/chaos"));

  @Test
  void shouldKeepItsPromisesWhateverFails() throws Exception {
    // given
    Path folder = Files.createDirectories(FOLDER.toAbsolutePath());
    Path run = Files.createTempDirectory(folder, "seed-%d-".formatted(SEED));
    try (Chaos chaos =
        new Chaos(
            new Chaos.Settings(SEED, 3, FAULTS, AT_LEAST, RATE, SILENCE, faults(), Mutation.NONE),
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

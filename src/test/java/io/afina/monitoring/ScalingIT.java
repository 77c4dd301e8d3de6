package io.afina.monitoring;

import static io.afina.walk.Step.pause;
import static io.afina.walk.Step.say;
import static io.afina.walk.Step.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Programs;
import io.afina.lifecycle.Closer;
import io.afina.replay.LabelledPicture;
import io.afina.walk.Load;
import io.afina.walk.Predictions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As many classifiers as a real Prometheus says are wanted, processes in place of pods, while ever
 * more and then fewer pictures come. Each is as fast as its source: ten pictures a second.
 */
@Tag("nightly")
class ScalingIT {

  private static final int SPEED = 6;
  private static final int MOST = 3;
  private static final int UNDER_WAY = 20;
  private static final Duration FETCH = Duration.ofMillis(70);
  private static final Duration FEW = Duration.ofMillis(330);
  private static final Duration MANY = Duration.ofMillis(70);

  /** False to compare with: what it costs when who is stopped keeps its place. */
  private static final String LEAVES = System.getProperty("afina.leave", "true");

  /** The session of those who keep their place is three times as long. */
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final Closer closer = new Closer();

  @BeforeAll
  static void requirePrograms() {
    Programs.require("prometheus");
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldRunAsManyAsAreWantedAndLoseNothing(@TempDir Path folder) throws Exception {
    // given
    byte[] picture = LabelledPicture.drawn(1, 1).get(0).bytes().get();
    SlowPictures source = closer.own(new SlowPictures(picture, FETCH));
    Monitored system = closer.own(new Monitored(folder, SPEED));
    Predictions predictions = closer.own(new Predictions(system.config()));
    Load load = closer.own(new Load(system.config(), FEW, source.address()));
    load.start();
    Scaler scaler = new Scaler(system, n -> arguments(folder, source, n), MOST, SPEED);
    scaler.follow("the first one works", () -> works(system) == 1 && predictions.images() > 20);

    // when
    load.pace(MANY);
    scaler.follow("three work", () -> works(system) == MOST);
    scaler.follow("they catch up", () -> load.published() - predictions.images() < UNDER_WAY);
    say("three run, the slowest picture took %s", text(predictions.slowest()));
    predictions.measureGap();
    load.pace(FEW);
    scaler.follow("one is left", () -> scaler.running() == 1);
    scaler.follow("it works alone", () -> works(system) == 1);

    // then
    pause(Duration.ofSeconds(10));
    predictions.shouldBeOneForEach(load);
    say("one is left, the slowest picture took %s", text(predictions.slowest()));
    assertThat(predictions.slowest()).isLessThan(LONGEST);
  }

  private static List<String> arguments(Path folder, SlowPictures source, int n) {
    return List.of(
        "--threads=1",
        "--instance-id=classifier-" + n,
        "--state-dir=" + folder.resolve("classifier-" + n),
        "--set=classifier.leaveOnStop=" + LEAVES,
        "--set=pictures.fetches=1",
        "--set=pictures.privateSources=true",
        "--set=pictures.sources=" + source.address());
  }

  /** How many classifiers have predicted something lately. */
  private static int works(Monitored system) {
    return system
        .prometheus()
        .query("sum by (instance) (rate(afina_images_total[10s])) > 0")
        .size();
  }
}

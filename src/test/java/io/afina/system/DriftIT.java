package io.afina.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.cli.service.LocalServices;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.metrics.Traces;
import io.afina.model.SwapResult;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.ReplayScore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The light goes out in the middle of the stream: what becomes of the accuracy where the trainer
 * acts on drift, and where it waits for its usual number of corrections.
 */
class DriftIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Training begins at so many corrections, and never because time has passed. */
  private static final int USUAL = 300;

  private static final int MEASURED = 120;

  /** Fewer than would be trained on without drift. */
  private static final int CORRECTED = 280;

  /** An evening: darks fall to black, and what is left has a third of its light. */
  private static final double GAMMA = 3;

  private static final double EXPOSURE = 0.3;

  private final Closer closer = new Closer();
  private final List<SwapResult> swaps = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private ConfigLoader loader;

  @BeforeEach
  void start(@TempDir Path state) {
    TestBroker broker = closer.own(TestBroker.startFresh());
    loader =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("classifier.stateDir", state)
            .set("trainer.minNewExamples", USUAL)
            .set("trainer.interval", "1d")
            .set("trainer.driftWindow", 100)
            .set("trainer.driftExamples", 30)
            .set("trainer.driftInterval", "1s");
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldLearnThePicturesOfAnotherLightBeforeTheUsualNumberOfCorrections() {
    // when
    Accuracies acting = run(loader.set("trainer.trainOnDrift", true).load());

    // then
    print("acts on drift", acting);
    assertThat(meters.get("afina.drift.trainings").counter().count()).isPositive();
    assertThat(acting.drifted()).isLessThan(acting.before() - 0.1);
    assertThat(acting.after()).isGreaterThan(acting.before() - 0.1);
  }

  /**
   * What the trainer does without: the other half of a comparison, which no fault can break alone.
   */
  @Test
  @Tag("nightly")
  void shouldOtherwiseWaitForThem() {
    // when
    Accuracies waiting = run(loader.load());

    // then
    print("waits", waiting);
    assertThat(meters.get("afina.drift.trainings").counter().count()).isZero();
    assertThat(swaps).hasSize(1);
    assertThat(waiting.after()).isLessThan(waiting.before() - 0.1);
  }

  /** Of undrifted pictures, of drifted ones as they came, and after those were corrected. */
  private record Accuracies(double before, double drifted, double after) {}

  private Accuracies run(AfinaConfig config) {
    closer.own(new LocalServices(config, meters, Traces.off(), swaps::add));
    try (Replay replay = new Replay(config, new Replay.Pace(1, 0, 1))) {
      replay.stream(LabelledPicture.drawn(1, USUAL), true, score -> {});
      await("the first head answers").atMost(PATIENCE).until(() -> swaps.size() == 1);
      double before =
          replay.stream(LabelledPicture.drawn(2, MEASURED), false, score -> {}).accuracy();
      assertThat(meters.get("afina.drift.noticed").gauge().value()).isZero();

      ReplayScore dark = replay.stream(darkened(3, CORRECTED), true, score -> {});
      if (config.trainer().trainOnDrift()) {
        await("a head that knows the dark").atMost(PATIENCE).until(() -> swaps.size() > 1);
      }
      double after = replay.stream(darkened(4, MEASURED), false, score -> {}).accuracy();
      return new Accuracies(before, dark.accuracy(), after);
    }
  }

  private void print(String what, Accuracies accuracies) {
    System.out.printf(
        "the trainer %s: %.1f %% of %d right before the light changes, %.1f %% of the next %d, which are corrected, %.1f %% of %d after them; %.0f trainings by drift, %d swaps%n",
        what,
        100 * accuracies.before(),
        MEASURED,
        100 * accuracies.drifted(),
        CORRECTED,
        100 * accuracies.after(),
        MEASURED,
        meters.get("afina.drift.trainings").counter().count(),
        swaps.size());
  }

  private static List<LabelledPicture> darkened(long seed, int count) {
    return LabelledPicture.drawn(seed, count).stream()
        .map(p -> new LabelledPicture(p.id(), p.label(), darkened(p.bytes())))
        .toList();
  }

  private static Supplier<byte[]> darkened(Supplier<byte[]> picture) {
    return () -> {
      try {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.get()));
        for (int y = 0; y < image.getHeight(); y++) {
          for (int x = 0; x < image.getWidth(); x++) {
            image.setRGB(x, y, darkened(image.getRGB(x, y)));
          }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static int darkened(int rgb) {
    int dark = 0xff;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double value = (rgb >> shift & 0xff) / 255.0;
      dark = dark << 8 | (int) Math.round(255 * EXPOSURE * Math.pow(value, GAMMA));
    }
    return dark;
  }
}

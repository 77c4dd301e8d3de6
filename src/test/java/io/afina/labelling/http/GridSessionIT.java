package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.kafka.TopicFollower;
import io.afina.lifecycle.Closer;
import io.afina.system.Browser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * A scripted labeller's session of 300 pictures of ten labels, of which nine in ten are guessed
 * right: on the grid and one by one. It prints the time from the first picture to the last answer.
 */
@Tag("nightly")
class GridSessionIT {

  private static final int PICTURES = 300;
  private static final List<String> MOTIFS =
      List.of(
          "anteater",
          "beetle",
          "camel",
          "dolphin",
          "elephant",
          "falcon",
          "giraffe",
          "hedgehog",
          "iguana",
          "jaguar");
  private static final int LABELS = MOTIFS.size();
  private static final int WRONG = 10;
  private static final int DIMENSIONS = 32;

  private final Closer closer = new Closer();
  private final Map<String, String> truth = new HashMap<>();
  private TestBroker broker;
  private LabelServers servers;
  private LabelServer server;
  private Browser browser;

  @BeforeEach
  void start(@TempDir Path folder) {
    broker = closer.own(TestBroker.startFresh());
    Asked.applyTopics(broker.bootstrapServers());
    servers = closer.own(new LabelServers(broker.bootstrapServers()));
    server = servers.start(servers.people(Map.of("labelling.dailyGoal", 0)));
    browser = closer.own(Browser.open(folder.resolve("chromium")));
    browser.size(1440, 900);
    browser.header("X-User", "mia");
    Random random = new Random(1);
    float[][] centres = new float[LABELS][];
    for (int label = 0; label < LABELS; label++) {
      centres[label] = noise(random, 1);
    }
    List<String> ids =
        servers.asked().about(servers.prefix(), PICTURES, (at, n) -> item(at, n, centres, random));
    for (int n = 0; n < PICTURES; n++) {
      truth.put(ids.get(n), label(n % LABELS));
    }
    browser.go(server.address() + "/grid");
    browser.await(
        "all that is asked",
        b -> {
          b.run("document.querySelector('#guess').dispatchEvent(new Event('change')); return 0");
          return (long) total() == PICTURES;
        });
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  private static String label(int number) {
    return MOTIFS.get(number);
  }

  private static ReviewItem item(Position at, int n, float[][] centres, Random random) {
    int right = n % LABELS;
    boolean wrong = n / LABELS % WRONG == right;
    String guess = label(wrong ? (right + 1) % LABELS : right);
    float[] embedding = noise(random, 0.3f);
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] += centres[right][i];
    }
    double confidence = (wrong ? 0.4 : 0.6) + 0.3 * random.nextDouble();
    ReviewItem asked =
        Asked.item(at, ReviewReason.UNCERTAIN, n, List.of(new Score(guess, confidence)));
    return ReviewItem.of(asked.prediction(), asked.reason(), 1 - confidence, embedding);
  }

  private static float[] noise(Random random, float by) {
    float[] values = new float[DIMENSIONS];
    for (int i = 0; i < values.length; i++) {
      values[i] = by * (float) random.nextGaussian();
    }
    return values;
  }

  private int total() {
    return Integer.parseInt(
        String.valueOf(
            browser.run(
                "return [...document.querySelectorAll('#guess option')].map((o) => Number(o.textContent.split(': ')[1] ?? 0)).reduce((a, b) => a + b, 0)")));
  }

  private long said() {
    return corrections().size();
  }

  /** What was said of each image: every label is one correction with its labeller. */
  private Map<String, List<Correction>> corrections() {
    Map<String, List<Correction>> said = new HashMap<>();
    try (var follower =
        TopicFollower.fromBeginning(
            io.afina.kafka.KafkaSettings.reader(servers.config()).consumer(),
            servers.config().topics().corrections().name(),
            record ->
                said.computeIfAbsent(
                        new String(record.key(), StandardCharsets.UTF_8), id -> new ArrayList<>())
                    .add(Json.read(record.value(), Correction.class)))) {
      follower.readToEnd();
    }
    return said;
  }

  private void assertAllRight() {
    Map<String, List<Correction>> said = corrections();
    assertThat(said).hasSize(PICTURES);
    said.forEach(
        (image, all) -> {
          assertThat(all).as(image).hasSize(1);
          assertThat(all.get(0).label()).isEqualTo(truth.get(image));
          assertThat(all.get(0).labeller()).isEqualTo("mia");
        });
  }

  private void pause() {
    browser.run(
        "const until = performance.now() + 260; while (performance.now() < until) {} return 0");
  }

  @Test
  void shouldLabelAllOnTheGridAndTheExceptionsOneByOne() {
    long began = System.nanoTime();
    int grids = 0;
    while (!browser.all("#tiles li").isEmpty()) {
      grids++;
      String guess = browser.text("#what").replace("Are these ", "").replace("?", "");
      List<String> shown =
          browser.all("#tiles li").stream().map(tile -> tile.getAttribute("data-image")).toList();
      for (int i = 0; i < shown.size(); i++) {
        if (!guess.equals(truth.get(shown.get(i)))) {
          browser.one("#tile-" + i).click();
        }
      }
      pause();
      String now = String.valueOf(browser.run("return document.body.dataset.grids"));
      browser.press(browser.one("#send").isEnabled() ? Keys.ENTER : "s");
      browser.await("the next grid", b -> !b.run("return document.body.dataset.grids").equals(now));
    }
    long onGrid = said();
    Duration grid = Duration.ofNanos(System.nanoTime() - began);
    oneByOne(PICTURES - (int) onGrid);
    report("grid", began);
    System.out.printf(
        "grid: of these %d pictures on %d grids in %.1f s%n", onGrid, grids, grid.toMillis() / 1e3);
    assertAllRight();
  }

  @Test
  void shouldLabelAllOneByOne() {
    browser.go(server.address() + "/");
    long began = System.nanoTime();
    oneByOne(PICTURES);
    report("one by one", began);
    assertAllRight();
  }

  private void report(String how, long began) {
    System.out.printf(
        "%s: %d corrections in %.1f s%n", how, said(), (System.nanoTime() - began) / 1e9);
  }

  private void oneByOne(int count) {
    if (!browser.address().endsWith("/")) {
      browser.go(server.address() + "/");
    }
    String before = "";
    for (int i = 0; i < count; i++) {
      String last = before;
      browser.await(
          "picture " + i, b -> !b.text("#image-id").isEmpty() && !b.text("#image-id").equals(last));
      before = browser.text("#image-id");
      pause();
      String right = Objects.requireNonNull(truth.get(before));
      String guess = browser.one("#guess-1").getAttribute("data-label");
      if (right.equals(guess)) {
        browser.one("#guess-1").click();
      } else {
        browser.press("/");
        browser.press(right, Keys.ENTER);
        if (!browser.all("#found li").isEmpty()) {
          browser.press(Keys.ENTER);
        }
      }
    }
    browser.await(
        "all that was said",
        b -> b.run("return document.body.dataset.given").equals(String.valueOf(count)));
  }
}

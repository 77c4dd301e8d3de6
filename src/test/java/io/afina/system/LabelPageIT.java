package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Shared;
import io.afina.broker.TestBroker;
import io.afina.cli.service.LocalServices;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Publisher;
import io.afina.labelling.NoActions;
import io.afina.labelling.http.LabelServer;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import io.afina.lifecycle.Closer;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * The page in a browser, over everything that {@code afina up} runs, with real photographs. What is
 * asked is what the classifier asks.
 */
class LabelPageIT {

  private static final String FILLED =
      ".picture, #mine li, #versions tbody tr, .found-image:not([hidden])";

  private static final String PASSWORD = "correct horse";
  private static final int FIRST = 16;
  private static final int LAST = 20;
  private static final Duration SETTLED = Duration.ofMillis(600);

  private final Closer closer = new Closer();
  private AfinaConfig config;
  private List<LabelledPicture> photographs;
  private LabelServer server;
  private Browser browser;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    photographs =
        LabelledPicture.folder(Shared.require("photos/hymenoptera/train"), 17).subList(0, 100);
    browser = closer.own(Browser.open(folder.resolve("chromium")));
    Path users = folder.resolve("users.yaml");
    Users.add(users, "mia", UserRole.REVIEWER, PASSWORD);
    TestBroker broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("classifier.stateDir", folder.resolve("state"))
            .set(
                "backbone.address",
                Shared.require("backbones/mobilenet_v2/mobilenet_v2.onnx").toString())
            .set("trainer.interval", "1s")
            .set("trainer.minNewExamples", 4)
            // A handful of labels must move the version here, whatever chance makes of them.
            .set("trainer.maxAccuracyLoss", 1)
            .set("trainer.maxLabelRegression", 1)
            .set("labelling.port", 0)
            .set("labelling.users", users)
            .load();
    closer.own(new LocalServices(config, new SimpleMeterRegistry(), Traces.off(), swap -> {}));
    server =
        closer.own(
            new LabelServer(config, new NoActions(), new SimpleMeterRegistry(), Traces.off()));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldTeachAHeadByKeyboardAndShowItLearn() {
    // given
    browser.size(1440, 900);
    publish(photographs.subList(0, FIRST));
    logIn();

    // when: the first labels are typed, for no head answers yet
    for (int i = 1; i <= FIRST; i++) {
      type(awaitPicture());
      awaitGiven(i);
    }

    // then
    browser.await(
        "a head answers", b -> !"".equals(b.one("#version").getDomAttribute("data-version")));
    String firstVersion = browser.text("#version");

    // when: a head answers, and digits do
    publish(photographs.subList(FIRST, photographs.size()));
    assertThat(answerUpTo(LAST)).as("pictures that a head had answered").isPositive();
    shots("label");

    // then
    browser.await("the next head", b -> !b.text("#version").equals(firstVersion));
    browser.await("all of today", b -> b.text("#today").equals("" + LAST));
    browser.await("their pace", b -> !b.text("#seconds").equals("–"));
    System.out.printf("from key to next picture: %.0f ms at the median%n", nextPictureMillis());
    assertThat(browser.one("#chart").getDomAttribute("aria-label")).contains("Accuracy");

    // when
    look(giveANewLabelAndTakeItBack());

    // then
    // Before the login, the page asks who is there, and nobody is.
    assertThat(browser.errors())
        .allMatch(error -> error.contains("/api/session") && error.contains("401"));
  }

  /** Gives labels, by digits where a head has guessed; says how many were. */
  private int answerUpTo(int last) {
    int digits = 0;
    for (int i = FIRST + 1; i <= last; i++) {
      digits += answer(awaitPicture()) ? 1 : 0;
      awaitGiven(i);
    }
    return digits;
  }

  /** Gives the image that it was about. */
  private String giveANewLabelAndTakeItBack() {
    // when
    awaitPicture();
    String image = browser.text("#image-id");
    browser.press("/");
    browser.press("<b>wasp</b>", Keys.ENTER, Keys.ENTER);
    awaitGiven(LAST + 1);
    browser.press("/");
    browser.press("wasp");
    browser.await(
        "how many examples it has of how many",
        b -> {
          b.run("document.querySelector('#find').dispatchEvent(new Event('input'))");
          return b.text("#found").contains("1 of 5 examples");
        });
    browser.press(Keys.ESCAPE);
    browser.press("u");
    browser.await("the image again", b -> b.text("#image-id").equals(image));
    awaitGiven(LAST);

    // then
    browser.await("one less today", b -> b.text("#today").equals("" + LAST));
    assertThat(browser.all("#toast b")).isEmpty();
    assertThat(browser.text("#toast")).contains("<b>wasp</b>");
    return image;
  }

  /** Every page in light and dark passes axe-core; pictures of them are taken when asked for. */
  private void look(String image) {
    browser.press("z");
    browser.await("the zoom", b -> !b.all(".frame.zoomed").isEmpty());
    browser.requireAccessible("the zoomed page");
    browser.press("z");
    browser.press("/");
    browser.press("a");
    browser.requireAccessible("the open finder");
    browser.press(Keys.ESCAPE);
    for (String path : List.of("/", "/answers", "/models", "/images?id=" + image)) {
      browser.go(server.address() + path);
      browser.await(path + " is filled", b -> !b.all(FILLED).isEmpty());
      shots(path.replaceAll("\\W.*", "").isEmpty() ? path.split("\\?", 2)[0].substring(1) : path);
    }
    browser.go(server.address() + "/");
    browser.run("localStorage.setItem('afina.language', 'es')");
    browser.go(server.address() + "/models");
    assertThat(browser.text("h1")).isEqualTo("Modelos");
    assertThat(browser.one("html").getDomAttribute("lang")).isEqualTo("es");
    browser.run("localStorage.setItem('afina.language', 'en')");
  }

  private void logIn() {
    browser.go(server.address() + "/");
    browser.await("the login", b -> b.address().contains("/login"));
    browser.await("the page is ready", b -> !b.all("body.ready").isEmpty());
    shots("login");
    browser.press("mia", Keys.TAB, "wrong password", Keys.ENTER);
    browser.await("the refusal", b -> !b.text("#wrong").isEmpty());
    browser.one("#password").clear();
    browser.one("#password").sendKeys(PASSWORD, Keys.ENTER);
    browser.await("the labelling page", b -> !b.all("body.ready main.label").isEmpty());
  }

  private void shots(String name) {
    String folder = System.getProperty("label.shots");
    for (String theme : List.of("light", "dark")) {
      browser.theme(theme);
      browser.requireAccessible(name + " in " + theme);
      if (folder != null) {
        pause();
        browser.screenshot(Path.of(folder, name + "-" + theme + ".png"));
      }
    }
    if (folder != null) {
      browser.size(500, 900);
      pause();
      browser.screenshot(Path.of(folder, name + "-phone.png"));
      browser.size(1440, 900);
    }
    browser.theme("light");
  }

  /** For charts and themes to settle before a picture is taken by hand. */
  private static void pause() {
    Awaitility.await("a look that settles").pollDelay(SETTLED).until(() -> true);
  }

  /** What the picture that is shown really is. */
  private String awaitPicture() {
    browser.await(
        "a picture",
        b -> !b.all("body.seen #frame .picture").isEmpty() && !b.text("#image-id").isEmpty());
    String image = browser.text("#image-id");
    return photographs.stream()
        .filter(photograph -> photograph.id().equals(image))
        .map(LabelledPicture::label)
        .findFirst()
        .orElseThrow();
  }

  private void awaitGiven(int count) {
    browser.await(
        count + " labels given",
        b -> String.valueOf(count).equals(b.one("body").getDomAttribute("data-given")));
  }

  private void type(String label) {
    browser.press("/");
    browser.press(label, Keys.ENTER, Keys.ENTER);
  }

  /** Presses the key of the right guess, and says whether there was one; types it if not. */
  private boolean answer(String truth) {
    String image = browser.text("#image-id");
    if (guess(truth) < 0) {
      type(truth);
      return false;
    }
    // What is pressed in the moment in which another head guesses anew does not count.
    browser.await(
        "the answer",
        b -> {
          if (b.text("#image-id").equals(image) && guess(truth) >= 0) {
            b.press(b.text("#guess-%d kbd".formatted(1 + guess(truth))));
          }
          return !b.text("#image-id").equals(image);
        });
    return true;
  }

  private int guess(String truth) {
    return browser.all("#guesses button").stream()
        .map(button -> String.valueOf(button.getDomAttribute("data-label")))
        .toList()
        .indexOf(truth);
  }

  private double nextPictureMillis() {
    return Double.parseDouble(
        browser
            .run(
                "const all = performance.getEntriesByName('next-picture').map(e => e.duration).sort((a, b) => a - b); return all[Math.floor(all.length / 2)]")
            .toString());
  }

  private void publish(List<LabelledPicture> pictures) {
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      for (LabelledPicture picture : pictures) {
        images.send(
            new ProducerRecord<>(TOPICS.images().name(), picture.id(), picture.bytes().get()));
      }
      images.flush();
    }
  }
}

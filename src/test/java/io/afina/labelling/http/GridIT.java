package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.Embedding;
import io.afina.event.Prediction.Score;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.lifecycle.Closer;
import io.afina.system.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Many pictures labelled at once, in a browser and by the API; without a classifier. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GridIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int BEES = 20;
  private static final int ANTS = 6;

  private final Closer closer = new Closer();
  private Browser browser;
  private TestBroker broker;
  private LabelServers servers;
  private LabelServer server;
  private Client ben;

  @BeforeAll
  void openBrowser(@TempDir Path folder) {
    browser = closer.own(Browser.open(folder.resolve("chromium")));
    browser.size(1440, 900);
    browser.header("X-User", "mia");
  }

  @AfterAll
  void closeBrowser() {
    closer.close();
  }

  @BeforeEach
  void start() {
    broker = TestBroker.startFresh();
    Asked.applyTopics(broker.bootstrapServers());
    servers = new LabelServers(broker.bootstrapServers());
    server = servers.start(servers.people(Map.of("trainer.consensus", "last")));
    ben = LabelServers.person(server, "ben");
    servers.asked().about(servers.prefix(), BEES + ANTS, (at, n) -> item(at, n));
    await("all that is asked")
        .atMost(PATIENCE)
        .until(() -> grid(ben, "all").get("guesses").toString().contains("\"count\":" + ANTS));
    grid(ben, "none", "nothing has this guess");
  }

  @AfterEach
  void stop() {
    servers.close();
    broker.close();
  }

  /** Those that are guessed to be bees, and those that are guessed to be ants, look alike. */
  private static ReviewItem item(io.afina.event.Prediction.Position at, int n) {
    boolean bee = n < BEES;
    String guess = bee ? "bee" : "ant";
    ReviewItem asked =
        Asked.item(at, ReviewReason.UNCERTAIN, n, List.of(new Score(guess, 0.9 - n / 100.0)));
    return ReviewItem.of(
        asked.prediction(), asked.reason(), asked.uncertainty(), embedding(bee, n));
  }

  private static float[] embedding(boolean bee, int n) {
    return bee ? new float[] {1, n / 100f} : new float[] {n / 100f, 1};
  }

  private JsonNode grid(Client client, String page) {
    return client.json("POST", "/api/grids", "{\"page\": \"%s\"}".formatted(page));
  }

  /** Asks for a guess that nothing has, so that the page gives back what it got. */
  private void grid(Client client, String page, String guess) {
    for (String each : List.of("all", page)) {
      client.json(
          "POST", "/api/grids", "{\"page\": \"%s\", \"guess\": \"%s\"}".formatted(each, guess));
    }
  }

  private List<String> shown() {
    List<String> images = new ArrayList<>();
    browser.all("#tiles li").forEach(tile -> images.add(tile.getAttribute("data-image")));
    return images;
  }

  private void awaitGrids(int count) {
    browser.await(
        "grid " + count,
        b -> b.run("return document.body.dataset.grids").equals(String.valueOf(count)));
    browser.run(
        "const until = performance.now() + 300; while (performance.now() < until) {} return 0");
  }

  private String label(String image) {
    return LabelServers.image(ben, image).at("/corrections/0/label").asText();
  }

  private String labeller(String image) {
    return LabelServers.image(ben, image).at("/corrections/0/labeller").asText();
  }

  private long selected() {
    return browser.all("#tiles li[aria-selected=true]").size();
  }

  @Test
  void shouldLabelAllButTheExceptionsAndUndoThatAtOnce() {
    // given
    browser.go(server.address() + "/grid");
    awaitGrids(1);
    assertThat(browser.text("#what")).isEqualTo("Are these bee?");
    List<String> bees = shown();
    assertThat(bees).hasSize(BEES);
    browser.requireAccessible("the grid");

    // when
    browser.one("#tile-3").click();
    browser.one("#tile-7").click();
    assertThat(browser.text("#send span")).isEqualTo("Label 18");
    browser.press(Keys.ENTER);

    // then
    awaitGrids(2);
    assertThat(browser.text("#what")).isEqualTo("Are these ant?");
    assertThat(shown()).hasSize(ANTS);
    assertThat(label(bees.get(0))).isEqualTo("bee");
    assertThat(labeller(bees.get(BEES - 1))).isEqualTo("mia");
    assertThat(ben.send("GET", "/api/images?id=" + bees.get(3), null).body()).contains("no-image");

    // when
    browser.press("u");

    // then
    awaitGrids(3);
    assertThat(browser.text("#toast")).isEqualTo("Taken back: bee, 18 pictures.");
    await("nothing is said of it")
        .atMost(PATIENCE)
        .until(() -> LabelServers.image(ben, bees.get(0)).at("/corrections/0/label").isNull());
    assertThat(browser.text("#what")).isEqualTo("Are these bee?");
    assertThat(shown()).hasSize(18).doesNotContain(bees.get(3), bees.get(7));
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void shouldBeUsedByKeysAloneAndByDragging() {
    // given
    browser.go(server.address() + "/grid");
    awaitGrids(1);

    // when
    browser.one("#tile-0").sendKeys(Keys.ARROW_RIGHT);
    browser.press(" ");
    assertThat(browser.one("#tile-1").getAttribute("aria-selected")).isEqualTo("false");
    browser.one("#tile-1").sendKeys(Keys.chord(Keys.SHIFT, Keys.ARROW_RIGHT));
    browser.one("#tile-2").sendKeys(Keys.chord(Keys.SHIFT, Keys.ARROW_RIGHT));

    // then
    assertThat(selected()).isEqualTo(BEES - 3);

    // when
    int width = browser.one("#tile-1").getSize().getWidth();
    browser.drag("#tile-1", width + 20, 0);

    // then
    assertThat(selected()).isEqualTo(BEES - 1);

    // when
    browser.press("s");

    // then
    awaitGrids(2);
    assertThat(browser.text("#what")).isEqualTo("Are these ant?");
    browser.press("/");
    browser.press("wasp", Keys.ENTER);
    browser.await("it asks back", b -> b.text("#toast").contains("is a new label"));
    browser.press(Keys.ENTER);
    awaitGrids(3);
    assertThat(browser.one("#none").isDisplayed()).isTrue();
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void shouldGiveOthersNothingOfAGridAndSayWhatWasLost() {
    // given
    Client mia = LabelServers.person(server, "mia");
    JsonNode hers = grid(mia, "one");
    String first = hers.at("/tiles/0/item").asText();

    // then
    assertThat(grid(ben, "two").get("guess").asText()).isEqualTo("ant");
    JsonNode stolen =
        ben.json(
            "POST",
            "/api/grids/answers",
            "{\"label\": \"wasp\", \"items\": [\"%s\"]}".formatted(first));
    assertThat(stolen.get("sent").asInt()).isZero();
    assertThat(stolen.at("/lost/0").asText()).isEqualTo(first);
    assertThat(
            mia.send("POST", "/api/grids/answers", "{\"label\": \" \", \"items\": []}")
                .statusCode())
        .isEqualTo(400);
    assertThat(mia.send("POST", "/api/grids", "{\"page\": \"p\", \"like\": \"nobody\"}").body())
        .contains("no-embedding");
  }

  @Test
  void shouldShowReviewersLabelledPicturesThatLookAlikeAndTheirCopies() {
    // given
    TrainingExample example =
        new TrainingExample(
            "wasp",
            "ben",
            Instant.EPOCH,
            List.of(new Embedding("ab".repeat(32), new float[] {1, 0.5f})),
            null,
            List.of(),
            null,
            new ImagePlace(0, 1_000_000).kept(true));
    servers
        .asked()
        .record(
            TOPICS.training().name(),
            "labelled",
            TOPICS.training().values().serializer().serialize("", example));
    servers.asked().record(TOPICS.pictures().name(), "labelled", Asked.picture(1));
    String like = "{\"page\": \"p\", \"like\": \"labelled\"}";

    // when
    await("the labelled one")
        .atMost(PATIENCE)
        .until(() -> ben.send("POST", "/api/grids", like).body().contains("wasp"));

    // then
    browser.go(server.address() + "/grid?like=labelled");
    awaitGrids(1);
    browser.await("the labelled one", b -> shown().contains("labelled"));
    browser.await(
        "its copy",
        b ->
            b.run(
                    "return document.querySelector('[data-image=labelled] img').naturalWidth > 0 && document.querySelector('[data-image=labelled] img').src.includes('/api/copies')")
                .equals("true"));
  }

  @Test
  void shouldFitAPhoneAndSpeakSpanish() {
    browser.size(390, 844);
    try {
      browser.go(server.address() + "/grid");
      browser.run("localStorage.setItem('afina.language', 'es'); return 0");
      browser.go(server.address() + "/grid");
      awaitGrids(1);
      assertThat(browser.text("#what")).isEqualTo("¿Son bee?");
      assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo("true");
      assertThat(browser.errors()).isEmpty();
    } finally {
      browser.run("localStorage.removeItem('afina.language'); return 0");
      browser.size(1440, 900);
    }
  }
}

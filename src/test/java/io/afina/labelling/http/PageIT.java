package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.Prediction.Score;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.lifecycle.Closer;
import io.afina.model.Heads;
import io.afina.system.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What people do to the labelling page in a browser, and what it says; without a classifier. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** As long as a page takes what is said to be of the picture before, and more. */
  private static final Duration UNSEEN = Duration.ofMillis(400);

  private final Closer closer = new Closer();
  private Browser browser;
  private LabelServers servers;
  private TestBroker broker;

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

  /** A broker of its own for each: what is open for one is in the way of the next. */
  @BeforeEach
  void start() {
    broker = TestBroker.startFresh();
    Asked.applyTopics(broker.bootstrapServers());
    servers = new LabelServers(broker.bootstrapServers());
  }

  @AfterEach
  void stop() {
    servers.close();
    broker.close();
  }

  @Test
  void shouldGiveOthersWhatAnIdlePageHoldsAndShowWhatIsStillItsOwn() {
    // given
    LabelServer server = servers.start(servers.people(Map.of("labelling.lease", "3s")));
    servers.ask(4, ReviewReason.AUDIT);
    open(server, "/");
    awaitPicture();
    String first = browser.text("#image-id");
    Client ben = LabelServers.person(server, "ben");

    // when: nobody touches the page
    List<JsonNode> given = new ArrayList<>();
    await("what the page held is given to another")
        .atMost(PATIENCE)
        .until(
            () -> {
              given.addAll(taken(ben));
              return given.size() == 4;
            });

    // then
    browser.press(Keys.SHIFT);
    browser.await("the picture is another's", b -> b.all("#frame .picture").isEmpty());
    assertThat(browser.text("#toast")).contains("somebody else");
    assertThat(browser.text("#empty-about")).contains("4 more pictures are with other people");
    assertThat(given).extracting(item -> item.get("image").asText()).contains(first);
    assertThat(LabelServers.answer(ben, given.get(0), "bee").statusCode()).isEqualTo(204);
  }

  @Test
  void shouldTakeAHeldKeyAndADoubleClickForOneAnswerEach() {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    List<String> ids = servers.ask(6, ReviewReason.UNCERTAIN);
    open(server, "/");
    awaitPicture();

    // when
    browser.hold("1", 3);
    pause();
    browser.hold("1", 3);
    browser.lift("1");
    awaitGiven(2);
    awaitPicture();
    browser.doubleClick("#guess-2");
    awaitGiven(3);
    awaitPicture();
    browser.press("s");
    browser.press("s");
    browser.press("u");
    awaitPicture();
    browser.press("1");
    awaitGiven(4);

    // then
    assertThat(corrected(server, ids)).hasSize(4);
  }

  @Test
  void shouldSayInTheLanguageOfThePageThatTheServerIsAway() {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    servers.ask(2, ReviewReason.UNCERTAIN);
    open(server, "/");
    browser.run("localStorage.setItem('afina.language', 'es')");
    open(server, "/");
    awaitPicture();
    String shown = browser.text("#image-id");

    // when
    server.close();
    browser.press("1");

    // then
    browser.await("the loss", b -> b.text("#lost").contains("Se ha perdido la conexión"));
    browser.await("why", b -> b.text("#toast").contains("El servidor no responde"));
    assertThat(browser.text("#image-id")).isEqualTo(shown);
    browser.requireAccessible("the page without a server");
    shot("lost-es");
    browser.run("localStorage.removeItem('afina.language')");
  }

  @Test
  void shouldFitAPhoneWhateverTheLabelsAreAndSayNothingFalse() {
    // given
    String endless = "x".repeat(200);
    LabelServer server = servers.start(servers.people(Map.of()));
    servers
        .asked()
        .about(
            servers.prefix(),
            3,
            (at, n) ->
                Asked.item(
                    at,
                    ReviewReason.UNCERTAIN,
                    n,
                    List.of(
                        new Score(endless, 0.9996),
                        new Score("b" + endless.substring(1), 0.0004))));
    browser.size(500, 900);

    // when
    open(server, "/");
    awaitPicture();

    // then: no head is "uncertain" at 100 %
    assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo("true");
    assertThat(browser.text("#guess-1 .share")).isEqualTo("99%");
    assertThat(browser.text("#guess-2 .share")).isEqualTo("1%");
    assertThat(browser.text("#reason-about")).doesNotContain("hesitates").contains("least sure");
    browser.press("/");
    browser.press(endless);
    browser.requireAccessible("a phone with endless labels");
    shot("phone-endless");
    assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo("true");
    browser.press(Keys.ESCAPE);
    browser.size(1440, 900);
  }

  @Test
  void shouldAskAsManyPeopleAsMustAgree() {
    // given
    LabelServer server = servers.start(servers.people(Map.of("trainer.consensus", "majority:2")));
    servers.ask(1, ReviewReason.AUDIT);
    Client ben = LabelServers.person(server, "ben");
    open(server, "/");
    awaitPicture();

    // when
    browser.press("1");
    awaitGiven(1);
    browser.await("nothing more for her", b -> b.all("#frame .picture").isEmpty());
    JsonNode item = servers.take(ben, 1).get(0);

    // then
    assertThat(LabelServers.answer(ben, item, "ant").statusCode()).isEqualTo(204);
    assertThat(LabelServers.answer(ben, item, "ant").body()).contains("urn:afina:problem:gone");
  }

  @Test
  void shouldAskTheModelInUseAboutWhatItHoldsAndDropLabelsThatAreGone() {
    // given: 1 for the first label and 0 for the second, in half precision
    LabelServer server = servers.start(servers.people(Map.of()));
    servers
        .asked()
        .about(
            servers.prefix(),
            6,
            (at, n) -> Asked.item(at, ReviewReason.NO_MODEL, n, List.of(), "PAAAAA=="));
    open(server, "/");
    awaitPicture();
    assertThat(browser.text("#no-guess")).contains("no model yet");
    String shown = browser.text("#image-id");

    // when
    champion(1, "b", "cow");

    // then
    browser.await("the guess of the first", b -> b.text("#guess-1 .name").equals("b"));
    assertThat(browser.text("#image-id")).isEqualTo(shown);

    // when: somebody has corrected the label away
    champion(2, "bee", "cow");

    // then
    browser.await("the guess of the second", b -> b.text("#guess-1 .name").equals("bee"));
    assertThat(browser.text("#guesses")).doesNotMatch("(?s).*\\bb\\b.*");
    awaitPicture();
    browser.press("1");
    awaitGiven(1);
    awaitPicture();
    assertThat(browser.text("#guess-1 .name")).isEqualTo("bee");
  }

  private void champion(long version, String... labels) {
    servers
        .asked()
        .record("models", "head/" + version, Heads.file(Heads.identity(version, labels)));
    ManyHeads.alias(servers.asked(), "champion", version);
  }

  private List<JsonNode> taken(Client client) {
    List<JsonNode> items = new ArrayList<>();
    client
        .json("POST", "/api/items", "{\"page\": \"p\", \"count\": 4}")
        .get("items")
        .forEach(items::add);
    return items;
  }

  /** The images that have a label. */
  private static Set<String> corrected(LabelServer server, List<String> ids) {
    Client ben = LabelServers.person(server, "ben");
    Set<String> labelled = new TreeSet<>();
    for (String id : ids) {
      if (ben.send("GET", "/api/images?id=" + id, null).statusCode() == 200
          && !LabelServers.image(ben, id).at("/corrections/0/label").asText("").isEmpty()) {
        labelled.add(id);
      }
    }
    return labelled;
  }

  private void open(LabelServer server, String path) {
    browser.go(server.address() + path);
  }

  private void awaitPicture() {
    browser.await("a picture", b -> !b.all("body.seen #frame .picture").isEmpty());
  }

  private void awaitGiven(int count) {
    browser.await(
        count + " labels given",
        b -> String.valueOf(count).equals(b.one("body").getDomAttribute("data-given")));
  }

  private void shot(String name) {
    String folder = System.getProperty("label.shots");
    if (folder != null) {
      pause();
      browser.screenshot(Path.of(folder, name + ".png"));
    }
  }

  private static void pause() {
    await("a held key").pollDelay(UNSEEN).until(() -> true);
  }
}

package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.lifecycle.Closer;
import io.afina.system.Browser;
import java.nio.file.Path;
import java.time.Duration;
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

/** What people do to the answers that they have given, in a browser; without a classifier. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersPageIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

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
  void shouldUndoTheLastActionWhateverItWasAlsoAfterAReload() {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    servers.ask(5, ReviewReason.AUDIT);
    Client ben = LabelServers.person(server, "ben");
    browser.go(server.address() + "/");
    String labelled = shown();
    browser.press("1");
    String skipped = shownAfter(labelled);
    browser.press("s");
    String unsure = shownAfter(skipped);
    browser.press("n");
    shownAfter(unsure);

    // when
    browser.press("u");

    // then
    browser.await("the unsure one", b -> b.text("#image-id").equals(unsure));
    assertThat(browser.text("#toast")).contains("Not sure");
    assertThat(LabelServers.image(ben, labelled).at("/corrections/0/label").asText())
        .isEqualTo("ant");

    // when
    browser.go(server.address() + "/");
    shown();
    browser.await("undo", b -> b.one("#undo").isEnabled());
    browser.press("u");

    // then
    browser.await("the skipped one", b -> b.text("#image-id").equals(skipped));
    shown();
    browser.press("u");
    browser.await("the labelled one", b -> b.text("#image-id").equals(labelled));
    assertThat(LabelServers.image(ben, labelled).at("/corrections/0/label").isNull()).isTrue();
    assertThat(browser.text("#toast")).contains("ant");
  }

  @Test
  void shouldChangeAnAnswerThatIsClickedInTheStripAndUndoThat() {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    servers.ask(4, ReviewReason.AUDIT);
    Client ben = LabelServers.person(server, "ben");
    browser.go(server.address() + "/");
    String first = shown();
    browser.press("1");
    String second = shownAfter(first);
    browser.press("2");
    String third = shownAfter(second);
    browser.await("two answers", b -> b.all("#strip button").size() == 2);

    // when
    browser.one("#strip li:last-child button").click();
    assertThat(shownAfter(third)).isEqualTo(first);
    assertThat(browser.text("#reason")).isEqualTo("You said ant");
    browser.requireAccessible("an answer that is changed");
    browser.press("/");
    browser.press("wasp", Keys.ENTER, Keys.ENTER);

    // then
    browser.await("the change", b -> b.text("#strip li:first-child").equals("wasp"));
    assertThat(shown()).isEqualTo(third);
    assertThat(last(ben, first)).isEqualTo("wasp");

    // when
    browser.press("u");

    // then
    browser.await("the old answer", b -> b.text("#strip li:first-child").equals("ant"));
    assertThat(last(ben, first)).isEqualTo("ant");
    browser.press("u");
    browser.await("one answer", b -> b.all("#strip button").size() == 1);
    assertThat(shownAfter(third)).isEqualTo(second);
    awaitOneAnswer(LabelServers.person(server, "mia"));
    browser.go(server.address() + "/");
    browser.await("the strip after a reload", b -> b.text("#strip").equals("ant"));
  }

  @Test
  void shouldListTheOwnAnswersAndLetReviewersSettleDisagreements() {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    Client rob = LabelServers.person(server, "rob");
    List<String> ids = servers.ask(3, ReviewReason.AUDIT);
    Client ben = LabelServers.person(server, "ben");
    List<JsonNode> items = servers.take(ben, 3);
    items.forEach(item -> LabelServers.answer(ben, item, "bee"));
    correct(ids.get(0), "wasp", "eva");
    correct(ids.get(1), "bee", "eva");
    correct(ids.get(2), "fly", "mia");
    await("all is read back").atMost(PATIENCE).until(() -> disputes(rob) == 2);

    // when
    browser.go(server.address() + "/answers");

    // then: of the other one she has said something herself
    browser.await("a disagreement", b -> b.all("#disputed li").size() == 1);
    browser.await("the own answer", b -> b.text("#mine li strong").equals("fly"));
    assertThat(browser.text("#disputed li")).contains("ben: bee", "eva: wasp");
    assertThat(browser.text("#counts")).containsPattern("ben 3 3 33 ?%").contains("eva 2 2 50");
    browser.requireAccessible("the answers");
    shot("answers");
    shots();

    // when
    browser.one("#disputed li .row button").click();
    browser.await("no disagreement", b -> b.all("#disputed li").isEmpty());
    browser.one("#mine li .withdraw").click();

    // then
    browser.await("no own answer", b -> b.all("#mine li").isEmpty());
    assertThat(last(ben, ids.get(0))).isEqualTo("bee");
    assertThat(LabelServers.image(ben, ids.get(2)).at("/corrections/0/labeller").asText())
        .isEqualTo("mia");
    assertThat(LabelServers.image(ben, ids.get(2)).at("/corrections/0/label").isNull()).isTrue();
  }

  @Test
  void shouldSayHowFarOneIsAndShowAgainWhatWasSkipped() {
    // given
    LabelServer server =
        servers.start(
            servers.people(Map.of("labelling.dailyGoal", 5, "trainer.minExamplesPerLabel", 2)));
    servers.ask(3, ReviewReason.NO_MODEL);
    browser.go(server.address() + "/");
    String first = shown();
    browser.await("what is open", b -> b.text("#open").startsWith("3 pictures"));
    assertThat(browser.text("#champion-about")).contains("2 of each of 2 labels");

    // when
    browser.press("/");
    browser.press("bee", Keys.ENTER, Keys.ENTER);
    String second = shownAfter(first);
    browser.press("s");
    String third = shownAfter(second);
    browser.press("n");

    // then
    browser.await("the goal", b -> b.text("#mine").equals("1 of 5 by you"));
    browser.await(
        "the first model",
        b -> b.text("#champion-about").contains("1 more “bee”, 2 of another label"));
    browser.await("nothing more", b -> b.all("#frame .picture").isEmpty());
    browser.await("what was skipped", b -> b.text("#again").startsWith("2 skipped"));
    browser.requireAccessible("a page without a model, with a goal");
    shot("progress");

    // when
    browser.one("#again").click();

    // then
    assertThat(shown()).isEqualTo(second);
    browser.press("s");
    assertThat(shownAfter(second)).isEqualTo(third);
  }

  private static void awaitOneAnswer(Client client) {
    await("what was taken back is read back")
        .atMost(PATIENCE)
        .until(() -> client.json("GET", "/api/answers", null).get("answers").size() == 1);
  }

  /** Others say it by a program. */
  private void correct(String id, String label, String labeller) {
    servers
        .asked()
        .record(
            TOPICS.corrections().name(),
            id,
            Json.write(new Correction(label, labeller, null, null)));
  }

  /** On how many images labellers disagree, for somebody who has said nothing of them. */
  private static int disputes(Client client) {
    return client.json("GET", "/api/disagreements", null).get("answers").size();
  }

  private static String last(Client client, String id) {
    return LabelServers.image(client, id).at("/corrections/0/label").asText();
  }

  /** The image that is shown, once it can be answered. */
  private String shown() {
    browser.await("a picture", b -> !b.all("body.seen #frame .picture").isEmpty());
    return browser.text("#image-id");
  }

  private String shownAfter(String before) {
    browser.await("another picture", b -> !b.text("#image-id").equals(before));
    return shown();
  }

  private void shots() {
    if (System.getProperty("label.shots") != null) {
      browser.theme("dark");
      shot("answers-dark");
      browser.theme("light");
      browser.size(500, 900);
      shot("answers-phone");
      browser.size(1440, 900);
    }
  }

  private static void shotPause() {
    await("what moves").pollDelay(Duration.ofMillis(400)).until(() -> true);
  }

  private void shot(String name) {
    String folder = System.getProperty("label.shots");
    if (folder != null) {
      shotPause();
      browser.screenshot(Path.of(folder, name + ".png"));
    }
  }
}

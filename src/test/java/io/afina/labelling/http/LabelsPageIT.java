package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.label.LabelEdits;
import io.afina.label.LabelLog;
import io.afina.label.LabelWriter;
import io.afina.lifecycle.Closer;
import io.afina.system.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What people see of labels, and what reviewers do with them. */
class LabelsPageIT {

  private final Closer closer = new Closer();
  private LabelServers servers;
  private LabelServer server;

  @BeforeEach
  void start() {
    TestBroker broker = closer.own(TestBroker.startFresh());
    Asked.applyTopics(broker.bootstrapServers());
    servers = closer.own(new LabelServers(broker.bootstrapServers()));
    LabelEdits edits = new LabelEdits("trainer", Instant.now(), "first used");
    LabelWriter.write(
        servers.config(), table -> edits.declare(table, List.of("ant", "bee", "wasp")));
    server = servers.start(servers.people(Map.of()));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldCountGuessAndOfferByTheLabelsOfNow() {
    // given: the head guesses ant and bee
    servers.ask(4, ReviewReason.AUDIT);
    Client mia = LabelServers.person(server, "mia");
    List<JsonNode> items = servers.take(mia, 4);
    assertThat(LabelServers.answer(mia, items.get(0), "emmet").statusCode()).isEqualTo(204);
    awaitLabels(mia, "ant", "bee", "emmet", "wasp");

    // when: one that no model has learned yet becomes one that is known
    assertThat(post(mia, "merge", "{\"labels\": [\" EMMET\"], \"into\": \"ant\"}")).isEqualTo(204);
    assertThat(post(mia, "rename", "{\"label\": \"ant\", \"name\": \"Black ant\"}")).isEqualTo(204);
    assertThat(post(mia, "retire", "{\"label\": \"wasp\"}")).isEqualTo(204);

    // then
    awaitLabels(mia, "bee", "Black ant");
    JsonNode ant = label(mia, "Black ant");
    assertThat(ant.get("count").asInt()).isOne();
    assertThat(ant.get("pictures")).hasSize(1);
    assertThat(label(mia, "emmet").get("into").asText()).isEqualTo("Black ant");
    assertThat(label(mia, "wasp").get("state").asText()).isEqualTo("retired");
    assertThat(servers.take(mia, 3))
        .allSatisfy(item -> assertThat(item.at("/top/0/label").asText()).isEqualTo("Black ant"));
    assertThat(LabelServers.answer(mia, items.get(1), "Wasp").statusCode()).isEqualTo(422);
    assertThat(post(mia, "rename", "{\"label\": \"bee\", \"name\": \"emmet\"}")).isEqualTo(409);

    // when
    assertThat(post(mia, "undo", "{\"label\": \"wasp\"}")).isEqualTo(204);
    assertThat(post(mia, "undo", "{}")).isEqualTo(204);
    assertThat(post(mia, "undo", "{}")).isEqualTo(204);

    // then
    awaitLabels(mia, "ant", "bee", "emmet", "wasp");
    assertThat(servers.audit()).anySatisfy(line -> assertThat(line).contains("labels changed"));
  }

  @Test
  void shouldLetReviewersOnlyChangeLabels() {
    LabelServer strict = servers.start(servers.people(Map.of("labelling.trustedRole", "labeller")));
    Client mia = LabelServers.person(strict, "mia");

    assertThat(post(mia, "retire", "{\"label\": \"wasp\"}")).isEqualTo(403);
    assertThat(mia.json("GET", "/api/labels/all", null).get("labels")).hasSize(3);
  }

  @Test
  void shouldShowWhatLabelsMeanAndAskBackWhereOneIsNew(@TempDir Path folder) {
    // given
    servers.ask(3, ReviewReason.AUDIT);
    Client ben = LabelServers.person(server, "ben");
    for (JsonNode item : servers.take(ben, 3)) {
      assertThat(LabelServers.answer(ben, item, "bee").statusCode()).isEqualTo(204);
    }
    Browser browser = closer.own(Browser.open(folder.resolve("chromium")));
    browser.size(1440, 1000);
    browser.header("X-User", "mia");
    browser.go(server.address() + "/labels");
    browser.await("the labels", b -> b.all(".label-card").size() == 3);
    browser.await("their pictures", b -> b.all(".label-pictures img").size() == 3);

    // when
    describeBee(browser);
    mergeWaspIntoBee(browser);

    // then
    assertThat(browser.text("#labels")).contains("Hairy, no waist.", "merged into bee", "Undo");
    ModelsPageIT.shots(browser, "labels");
    browser.size(390, 844);
    ModelsPageIT.shots(browser, "labels-phone");
    browser.size(1440, 1000);
    askBack(browser);
    assertThat(browser.errors()).isEmpty();
  }

  private static void describeBee(Browser browser) {
    browser.one("[aria-label='Describe: bee']").click();
    browser.one("#text").sendKeys("Hairy, no waist.");
    browser.one("#colour").sendKeys("#ffaa00");
    browser.one("#dialog-yes").click();
    browser.await("the guideline", b -> b.text("#labels").contains("Hairy"));
  }

  private static void mergeWaspIntoBee(Browser browser) {
    browser.one("[aria-label='Merge: wasp']").click();
    browser.one("#into").sendKeys("bee");
    browser.one("#why").sendKeys("nobody tells them apart", Keys.ENTER);
    browser.await("the merger", b -> b.text("#labels").contains("merged into bee"));
  }

  /** A letter too many is asked back, and what is meant goes with the second Enter. */
  private void askBack(Browser browser) {
    servers.ask(4, ReviewReason.AUDIT);
    browser.go(server.address() + "/");
    browser.await("a picture", b -> !b.all(".picture").isEmpty());
    browser.press("/");
    browser.press("BEE");
    browser.await(
        "the label in its own spelling",
        b -> {
          b.run("document.querySelector('#find').dispatchEvent(new Event('input'))");
          return b.text("#found").equals("bee");
        });
    browser.press("e", Keys.ENTER);
    browser.await("the question", b -> b.text("#found").contains("Did you mean bee?"));
    assertThat(browser.text("#found")).contains("“BEEe” is a new label");
    browser.press(Keys.ENTER);
    Client mia = LabelServers.person(server, "mia");
    await("it is a bee")
        .atMost(Duration.ofMinutes(1))
        .until(() -> label(mia, "bee").get("count").asInt() == 4);
    await("nothing else").until(() -> find(mia, "BEEe").isEmpty());
  }

  private void awaitLabels(Client client, String... names) {
    await("the labels of now")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(client.json("GET", "/api/labels", null).get("labels"))
                    .extracting(JsonNode::asText)
                    .containsExactly(names));
    assertThat(List.of(names)).containsAll(LabelLog.read(servers.config()).names());
  }

  private static int post(Client client, String what, String body) {
    return client.send("POST", "/api/labels/" + what, body).statusCode();
  }

  private static JsonNode label(Client client, String name) {
    return find(client, name).orElseThrow();
  }

  private static Optional<JsonNode> find(Client client, String name) {
    for (JsonNode label : client.json("GET", "/api/labels/all", null).get("labels")) {
      if (label.get("name").asText().equals(name)) {
        return Optional.of(label);
      }
    }
    return Optional.empty();
  }
}

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The gallery by its API and in a browser; without a classifier. */
class GalleryPageIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Closer closer = new Closer();
  private LabelServers servers;

  @BeforeEach
  void start() {
    TestBroker broker = closer.own(TestBroker.startFresh());
    Asked.applyTopics(broker.bootstrapServers());
    servers = closer.own(new LabelServers(broker.bootstrapServers()));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldGiveWhatIsWantedInPagesAndRefuseWhatIsNoFilter() {
    // given: before the server starts, and after
    List<String> early = GalleryImages.predicted(servers, 0, 6);
    servers.asked().unusable(servers.prefix() + "broken");
    LabelServer server = servers.start(servers.people(Map.of("labelling.trustedRole", "labeller")));
    Client mia = LabelServers.person(server, "mia");
    awaitImages(mia, 7);
    List<String> late = GalleryImages.predicted(servers, 6, 2);
    servers.ask(2, ReviewReason.NOVEL);
    correct(early.get(1), "wasp", "ben");
    awaitImages(mia, 11);
    await("the correction").atMost(PATIENCE).until(() -> ids(mia, "?show=labelled").size() == 1);

    // then
    JsonNode first = mia.json("GET", "/api/gallery?count=4", null);
    JsonNode second =
        mia.json("GET", "/api/gallery?count=100&before=" + first.get("next").asText(), null);
    assertThat(first.get("images")).hasSize(4);
    assertThat(second.get("images")).hasSize(7);
    assertThat(second.get("next").isNull()).isTrue();
    assertThat(ids(mia, "?said=bee")).first().isEqualTo(late.get(1));
    assertThat(ids(mia, "?label=WASP&said=bee")).containsExactly(early.get(1));
    assertThat(ids(mia, "?reason=novel")).hasSize(2);
    assertThat(ids(mia, "?show=unusable")).containsExactly(servers.prefix() + "broken");
    JsonNode labelled = mia.json("GET", "/api/gallery?show=labelled", null);
    assertThat(labelled.at("/images/0/said/0/labeller").isNull()).isTrue();
    assertThat(mia.json("GET", "/api/gallery", null).get("reading").asBoolean()).isFalse();
    for (String bad :
        List.of("show=x", "reason=x", "least=2", "most=NaN", "before=x", "count=0", "label=")) {
      assertThat(mia.send("GET", "/api/gallery?" + bad, null).statusCode()).as(bad).isEqualTo(400);
    }
    assertThat(mia.send("GET", "/api/gallery?labeller=ben", null).statusCode()).isEqualTo(403);
  }

  @Test
  void shouldShowTheNewestCorrectThemInPlaceAndShowWhatComes(@TempDir Path folder) {
    // given
    List<String> ids = GalleryImages.predicted(servers, 0, 5);
    servers.ask(1, ReviewReason.AUDIT);
    LabelServer server = servers.start(servers.people(Map.of()));
    Client mia = LabelServers.person(server, "mia");
    awaitImages(mia, 6);
    Browser browser = closer.own(Browser.open(folder.resolve("chromium")));
    browser.size(1440, 900);
    browser.header("X-User", "mia");

    // when
    browser.go(server.address() + "/images");
    browser.await("the images", b -> b.all("#gallery li img").size() == 6);

    // then
    assertThat(browser.text("#gallery")).contains("Spot check", "says the model, 55% sure");
    browser.requireAccessible("the gallery");

    // when
    WebElement field = browser.one("[data-image='" + ids.get(0) + "'] input");
    field.sendKeys("wasp", Keys.ENTER);

    // then
    browser.await("the answer", b -> b.text("#gallery").contains("People say: wasp"));
    assertThat(LabelServers.image(mia, ids.get(0)).at("/corrections/0/labeller").asText())
        .isEqualTo("mia");

    // when
    browser.run("document.activeElement.blur(); window.scrollTo(0, 0)");
    String fresh = GalleryImages.predicted(servers, 5, 1).get(0);

    // then
    browser.await("what came is on top", b -> shownFirst(b).equals(fresh));
    assertThat(browser.all("#gallery li")).hasSize(7);
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void shouldOpenWithAFilterAndSayInSpanishThatThereIsNothing(@TempDir Path folder) {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    Browser browser = closer.own(Browser.open(folder.resolve("chromium")));
    browser.size(1440, 900);
    browser.header("X-User", "mia");
    browser.go(server.address() + "/images");
    browser.await("nothing", b -> b.text("#empty").startsWith("No picture has come yet"));
    browser.run("localStorage.setItem('afina.language', 'es')");
    List<String> ids = GalleryImages.predicted(servers, 0, 2);
    correct(ids.get(0), "wasp", "ben");
    awaitImages(LabelServers.person(server, "mia"), 2);

    // when: what a cell of the confusion matrix leads to
    browser.go(server.address() + "/images?label=wasp&said=ant");

    // then
    browser.await("that one", b -> b.all("#gallery li").size() == 1);
    assertThat(shownFirst(browser)).isEqualTo(ids.get(0));
    assertThat(browser.one("#said").getDomProperty("value")).isEqualTo("ant");
    assertThat(browser.text("#gallery")).contains("Dicen las personas: wasp");

    // when
    browser.go(server.address() + "/images?show=unusable");

    // then
    browser.await("nothing of that", b -> b.text("#empty").startsWith("Ninguna de las imágenes"));
    browser.requireAccessible("a gallery without pictures");

    // when
    browser.one("#reset").click();

    // then
    browser.await("all again", b -> b.all("#gallery li").size() == 2);
    assertThat(browser.address()).endsWith("/images");
    assertThat(browser.errors()).isEmpty();
  }

  private static String shownFirst(Browser browser) {
    return String.valueOf(browser.one("#gallery li").getDomAttribute("data-image"));
  }

  private void correct(String id, String label, String labeller) {
    servers
        .asked()
        .record(
            TOPICS.corrections().name(),
            id,
            Json.write(new Correction(label, labeller, null, null)));
  }

  private static void awaitImages(Client client, int count) {
    await("the images").atMost(PATIENCE).until(() -> ids(client, "").size() == count);
  }

  private static List<String> ids(Client client, String query) {
    return client.json("GET", "/api/gallery" + query, null).get("images").findValuesAsText("image");
  }
}

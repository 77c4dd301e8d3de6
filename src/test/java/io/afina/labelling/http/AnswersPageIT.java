package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.lifecycle.Closer;
import io.afina.system.Browser;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What people do to the answers that they have given, in a browser; without a classifier. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersPageIT {

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

  /** The image that is shown, once it can be answered. */
  private String shown() {
    browser.await("a picture", b -> !b.all("body.seen #frame .picture").isEmpty());
    return browser.text("#image-id");
  }

  private String shownAfter(String before) {
    browser.await("another picture", b -> !b.text("#image-id").equals(before));
    return shown();
  }
}

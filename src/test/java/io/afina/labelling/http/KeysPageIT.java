package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.lifecycle.Closer;
import io.afina.system.Browser;
import java.nio.file.Path;
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

/** Number keys and zoom of the labelling page, in a browser; without a classifier. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysPageIT {

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
  void shouldKeepTheNumberOfALabelOnceItWasGivenAndTakeAnother() {
    // given: the first picture is more likely an ant, the others are more likely bees
    LabelServer server = servers.start(servers.people(Map.of()));
    servers.asked().about(servers.prefix(), 1, (at, n) -> item(at, n, true));
    browser.go(server.address() + "/");
    String first = shown();
    servers.asked().about(servers.prefix() + "more/", 4, (at, n) -> item(at, n, false));
    browser.press("1");

    // when
    String second = shownAfter(first);
    assertThat(browser.text("#guess-1")).contains("bee", "2");
    browser.press("1");

    // then
    String third = shownAfter(second);
    browser.await("both are ants", b -> b.text("#strip").equals("ant\nant"));

    // when
    browser.one("#rebind").click();
    browser.requireAccessible("the choice of number keys");
    shot("numbers");
    browser.one("#numbers input[name='1']").clear();
    browser.one("#numbers input[name='1']").sendKeys("wasp", Keys.ENTER);
    browser.await("the other number", b -> b.text("#others").contains("wasp"));
    browser.press("1");

    // then
    shownAfter(third);
    browser.await("a wasp", b -> b.text("#strip").startsWith("wasp"));
    assertThat(browser.text("#others")).contains("wasp");
    shot("keys");
  }

  @Test
  void shouldZoomByTheWheelAndMoveByADrag() {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    servers.ask(2, ReviewReason.AUDIT);
    browser.go(server.address() + "/");
    String first = shown();

    // when
    browser.run(
        "document.querySelector('#frame').dispatchEvent(new WheelEvent('wheel', {deltaY: -600, clientX: 200, clientY: 200, cancelable: true}))");

    // then
    browser.await("the zoom", b -> !b.all(".frame.zoomed").isEmpty());
    assertThat(browser.one("#zoom").getDomAttribute("aria-pressed")).isEqualTo("true");
    String before = left();
    browser.drag("#frame", -60, -20);
    assertThat(left()).isNotEqualTo(before);

    // when
    browser.press("s");

    // then
    shownAfter(first);
    assertThat(browser.all(".frame.zoomed")).isEmpty();
  }

  private static ReviewItem item(Position at, int n, boolean ant) {
    List<Score> top =
        List.of(new Score(ant ? "ant" : "bee", 0.6), new Score(ant ? "bee" : "ant", 0.4));
    return Asked.item(at, ReviewReason.AUDIT, n, top);
  }

  private String left() {
    return String.valueOf(
        browser.run("return document.querySelector('#frame').style.getPropertyValue('--x')"));
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

  private void shot(String name) {
    String folder = System.getProperty("label.shots");
    if (folder != null) {
      browser.screenshot(Path.of(folder, name + ".png"));
    }
  }
}

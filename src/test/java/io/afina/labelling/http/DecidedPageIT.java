package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.event.Prediction.Decision;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.lifecycle.Closer;
import io.afina.system.Browser;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the labelling page says of predictions that may be used unseen; without a classifier. */
class DecidedPageIT {

  @Test
  void shouldSayHowManyAreAcceptedAndHowManyOfTheseAreRight(@TempDir Path folder) {
    try (Closer closer = new Closer()) {
      // given: the head says ant
      Browser browser = closer.own(Browser.open(folder.resolve("chromium")));
      browser.size(1440, 900);
      browser.header("X-User", "mia");
      TestBroker broker = closer.own(TestBroker.startFresh());
      Asked.applyTopics(broker.bootstrapServers());
      LabelServers servers = closer.own(new LabelServers(broker.bootstrapServers()));
      LabelServer server = servers.start(servers.people(Map.of()));
      servers
          .asked()
          .about(
              servers.prefix(),
              4,
              (at, n) ->
                  decided(
                      Asked.item(at, ReviewReason.AUDIT, n),
                      n == 0 ? Decision.DEFER : Decision.ACCEPT));

      // when
      browser.go(server.address() + "/");
      for (int given = 1; given <= 4; given++) {
        String count = String.valueOf(given);
        browser.await("a picture", b -> !b.all("body.seen #frame .picture").isEmpty());
        browser.press("1");
        browser.await(
            count + " labels given",
            b -> count.equals(b.one("body").getDomAttribute("data-given")));
      }

      // then
      browser.await("what is decided", b -> b.text("#decided").startsWith("75"));
      assertThat(browser.text("#decided"))
          .matches("75\\s?% of 4 drawn by chance are accepted unseen; 100.* of these are right .*");
      shot(browser);
    }
  }

  private static ReviewItem decided(ReviewItem item, Decision decision) {
    return item.predicted(item.prediction().decided(decision, 0.5), item.uncertainty());
  }

  private static void shot(Browser browser) {
    String folder = System.getProperty("label.shots");
    if (folder != null) {
      browser.screenshot(Path.of(folder, "decided.png"));
    }
  }
}

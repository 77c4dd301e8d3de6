package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.broker.TestBroker;
import io.afina.demo.DrawnPicture;
import io.afina.demo.DrawnPictures;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.lifecycle.Closer;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict.Decision;
import io.afina.system.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Takes pictures of the pages as people see them, into the folder that is its argument: light,
 * dark, on a phone, in Spanish, with 200 labels, empty, and without a server.
 */
final class PageShots {

  private static final int PICTURES = 60;
  private static final int MANY_LABELS = 200;
  private static final int PHONE = 500;
  private static final List<String> PAGES =
      List.of("", "grid", "images", "models", "labels", "answers");

  private final Path folder;
  private final Browser browser;

  private PageShots(Path folder, Browser browser) {
    this.folder = folder;
    this.browser = browser;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (Closer closer = new Closer()) {
      TestBroker broker = closer.own(TestBroker.startAlone());
      Asked.applyTopics(broker.bootstrapServers());
      LabelServers servers = closer.own(new LabelServers(broker.bootstrapServers()));
      Browser browser = closer.own(Browser.open(Files.createTempDirectory("chromium")));
      browser.header("X-User", "mia");
      LabelServer server = servers.start(servers.people(Map.of("labelling.dailyGoal", 40)));
      new PageShots(folder, browser).all(servers, server);
    }
  }

  private void all(LabelServers servers, LabelServer server) throws InterruptedException {
    browser.size(1440, 900);
    pages(server, "empty");
    publish(servers.asked(), servers.prefix());
    pages(server, "light");
    browser.theme("dark");
    pages(server, "dark");
    browser.theme("light");
    browser.run("localStorage.setItem('afina.language', 'es')");
    pages(server, "es");
    browser.size(PHONE, 900);
    pages(server, "phone-es");
    browser.run("localStorage.removeItem('afina.language')");
    browser.size(1440, 900);
    for (int i = 0; i < MANY_LABELS; i++) {
      correct(servers.asked(), "many-" + i, "Label number " + i);
    }
    pages(server, "200-labels");
    browser.go(server.address() + "/images");
    server.close();
    shot("images-lost");
  }

  private void pages(LabelServer server, String name) throws InterruptedException {
    for (String page : PAGES) {
      browser.go(server.address() + "/" + page);
      shot((page.isEmpty() ? "label" : page) + "-" + name);
    }
  }

  /** Once what is drawn has come. */
  private void shot(String name) throws InterruptedException {
    TimeUnit.SECONDS.sleep(3);
    browser.screenshot(folder.resolve(name + ".png"));
  }

  private static void publish(Asked asked, String prefix) {
    List<String> labels = DrawnPictures.labels();
    String[] some = labels.toArray(String[]::new);
    ManyHeads.publish(asked, 1, Decision.PROMOTED, Method.CROSS_VALIDATION, 40, 50, 0, some);
    ManyHeads.publish(asked, 2, Decision.PROMOTED, Method.CROSS_VALIDATION, 92, 100, 0, some);
    ManyHeads.alias(asked, "champion", 2, 1);
    DrawnPictures pictures = new DrawnPictures(7);
    for (int i = 0; i < PICTURES; i++) {
      DrawnPicture drawn = pictures.draw(i);
      int right = labels.indexOf(drawn.label());
      String other = labels.get((right + 3) % labels.size());
      String said = i % 7 == 3 || right < 0 ? other : drawn.label();
      double confidence = i % 7 == 3 ? 0.48 : 0.7 + 0.29 * (i % 5) / 5;
      List<Score> top = List.of(new Score(said, confidence), new Score(other, 1 - confidence));
      String id = prefix + "photo-" + i + ".jpg";
      Position at = GalleryImages.publish(asked, id, drawn.jpeg(), i, top);
      if (i % 4 > 1) {
        ReviewReason reason = i % 7 == 3 ? ReviewReason.UNCERTAIN : ReviewReason.AUDIT;
        asked.record(TOPICS.review().name(), id, Json.write(Asked.item(at, reason, i, top)));
      }
      if (i % 6 == 5) {
        correct(asked, id, drawn.label().isEmpty() ? other : drawn.label());
      }
    }
    asked.unusable(prefix + "letter.pdf");
  }

  private static void correct(Asked asked, String id, String label) {
    asked.record(
        TOPICS.corrections().name(), id, Json.write(new Correction(label, "ben", null, null)));
  }
}

package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.event.Prediction.Score;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.lifecycle.Closer;
import io.afina.replay.TopicTail;
import io.afina.suspect.Suspects;
import io.afina.suspect.Suspects.Alike;
import io.afina.suspect.Suspects.Place;
import io.afina.suspect.Suspects.Suspect;
import io.afina.system.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of a label that looks wrong, and what their answer says; without a trainer. */
class SuspectPageIT {

  private final Closer closer = new Closer();
  private LabelServers servers;
  private LabelServer server;
  private KafkaConsumer<byte[], byte[]> corrections;

  @BeforeEach
  void start() {
    TestBroker broker = closer.own(TestBroker.startFresh());
    Asked.applyTopics(broker.bootstrapServers());
    servers = closer.own(new LabelServers(broker.bootstrapServers()));
    corrections = closer.own(TopicTail.open(servers.config(), TOPICS.corrections()));
    server = servers.start(servers.people(Map.of()));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldAskSomebodyElseWhetherALabelIsRightBesideWhatIsMostAlike(@TempDir Path folder) {
    // given
    Browser browser = closer.own(Browser.open(folder.resolve("chromium")));
    browser.size(1440, 900);
    browser.header("X-User", "ben");
    suspects(suspect("doubtful"));

    // when
    browser.go(server.address() + "/");

    // then
    browser.await("a picture", b -> !b.all("body.seen #frame .picture").isEmpty());
    assertThat(browser.text("#reason")).isEqualTo("Is it right?");
    assertThat(browser.text("#reason-about")).contains("said to be ant");
    browser.await(
        "both alike ones",
        b ->
            b.all("#alike img").stream()
                    .filter(image -> !"0".equals(image.getDomProperty("naturalWidth")))
                    .count()
                == 2);
    assertThat(browser.text("#alike")).contains("bee");
    browser.requireAccessible("a label that looks wrong");
    shot(browser);

    // when: the first guess is bee
    browser.press("1");

    // then
    Correction said = answer();
    assertThat(said.label()).isEqualTo("bee");
    assertThat(said.labeller()).isEqualTo("ben");
    assertThat(said.asked()).isEqualTo(ReviewReason.SUSPECT);
    assertThat(browser.errors()).isEmpty();
  }

  private Correction answer() {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              for (var record : corrections.poll(Duration.ofMillis(200))) {
                return Json.read(record.value(), Correction.class);
              }
              return null;
            },
            said -> said != null);
  }

  private void suspects(Suspect... found) {
    Suspects all = new Suspects("ab".repeat(32), 40, found.length, Instant.now(), List.of(found));
    servers.asked().record(TOPICS.models().name(), new ModelKey.Suspects().text(), all.toBytes());
  }

  /** Said by mia, a day ago. */
  private Suspect suspect(String image) {
    Place place = picture(image, 1);
    return new Suspect(
        image,
        place.partition(),
        place.offset(),
        "ant",
        List.of("mia"),
        Instant.now().minus(Duration.ofDays(1)),
        0.9,
        List.of(new Score("bee", 0.8), new Score("ant", 0.2)),
        place,
        List.of(
            new Alike(image + "-like-1", "bee", picture(image + "-like-1", 2)),
            new Alike(image + "-like-2", "bee", picture(image + "-like-2", 3))));
  }

  private Place picture(String image, int n) {
    RecordMetadata at = servers.asked().record(TOPICS.images().name(), image, Asked.picture(n));
    return new Place(at.partition(), at.offset());
  }

  private static void shot(Browser browser) {
    String folder = System.getProperty("label.shots");
    if (folder != null) {
      browser.screenshot(Path.of(folder, "suspect.png"));
    }
  }
}

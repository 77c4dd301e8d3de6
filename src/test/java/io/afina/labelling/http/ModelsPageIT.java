package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.lifecycle.Closer;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict.Decision;
import io.afina.system.Browser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page says of models, and how much it takes to say it. */
class ModelsPageIT {

  private static final int MANY = 1000;
  private static final int MOST_OF_A_BOARD = 4096;
  private static final int MOST_OF_A_PAGE = 40_000;

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
  void shouldDrawWhatWasInUseAndSayWhatIsNotMeasuredAndWhatAMoveDoes(@TempDir Path folder) {
    // given
    publishHistory();
    LabelServer server = servers.start(servers.people(Map.of()));
    Browser browser = closer.own(Browser.open(folder.resolve("chromium")));
    browser.size(1440, 1000);
    browser.header("X-User", "mia");

    // when
    browser.go(server.address() + "/models");
    browser.await("the models", b -> b.all("#versions tbody tr").size() == 4);

    // then
    browser.await("the chart", b -> b.one("#chart").getDomAttribute("aria-label") != null);
    assertThat(browser.one("#chart").getDomAttribute("aria-label"))
        .contains("1 to 4", "from 83% to 100%");
    assertThat(browser.text("#chart-panel .chart-note")).contains("breaks");
    assertThat(browser.text("#versions")).contains("taken into use", "rejected", "in use");
    browser.await("the details", b -> b.text("#details").contains("kept aside"));
    assertThat(browser.text("#details"))
        .contains("2 labels are not measured: cow, dog", "over 2 of 4 labels");
    assertThat(browser.text("#pinned")).contains("Model 4 is pinned, by trainer", "Unpin");
    shots(browser, "models");
    askAboutMoves(browser);
  }

  private void publishHistory() {
    Asked asked = servers.asked();
    ManyHeads.publish(
        asked, 1, Decision.PROMOTED, Method.CROSS_VALIDATION, 10, 12, 0, "ant", "bee");
    ManyHeads.publish(
        asked, 2, Decision.PROMOTED, Method.CROSS_VALIDATION, 16, 18, 0, "ant", "bee");
    ManyHeads.publish(asked, 3, Decision.REJECTED, Method.HOLDOUT, 28, 30, 0, "ant", "bee");
    ManyHeads.publish(
        asked, 4, Decision.PROMOTED, Method.HOLDOUT, 30, 30, 2, "ant", "bee", "cow", "dog");
    ManyHeads.alias(asked, "champion", 4, 2, 1);
    ManyHeads.alias(asked, "previous", 2, 1);
    ManyHeads.alias(asked, "pinned", 4);
  }

  private void askAboutMoves(Browser browser) {
    ask(browser, "#rollback");
    assertThat(browser.text("#dialog-about"))
        .contains("Model 2 answers instead of model 4", "pins it", "Unpin");
    browser.one("#dialog button[value=cancel]").click();
    ask(browser, "[aria-label='Use model 3']");
    assertThat(browser.text("#dialog-about"))
        .contains("Model 3 answers instead of model 4", "rejected when", "pinned");
    browser.one("#dialog button[value=cancel]").click();
    ask(browser, "#unpin");
    browser.one("#dialog-yes").click();
    Awaitility.await("it is done").until(() -> servers.actions().size() == 1);
    assertThat(servers.actions().get(0)).startsWith("unpin mia");
  }

  @Test
  void shouldSendFewBytesHoweverManyHeadsThereAre() throws Exception {
    // given
    publishMany();
    LabelServer server = servers.start(servers.people(Map.of()));
    Client mia = LabelServers.person(server, "mia");

    // when
    try (BufferedReader events = events(server)) {
      String first = board(events);
      servers.ask(3, ReviewReason.AUDIT);
      JsonNode item = servers.take(mia, 1).get(0);
      assertThat(LabelServers.answer(mia, item, "bee").statusCode()).isEqualTo(204);
      String change = boardWith(events, "today");

      // then
      System.out.printf("board %d bytes, a change %d%n", first.length(), change.length());
      assertThat(first).contains("champion").hasSizeLessThan(MOST_OF_A_BOARD);
      assertThat(change).doesNotContain("champion").hasSizeLessThan(MOST_OF_A_BOARD / 4);
    }

    assertPages(mia);
  }

  private void publishMany() {
    String[] labels =
        IntStream.range(0, 100)
            .mapToObj(i -> "a label of a usual length " + i)
            .toArray(String[]::new);
    for (int version = 1; version <= MANY; version++) {
      Decision decision = version % 3 == 0 ? Decision.REJECTED : Decision.PROMOTED;
      ManyHeads.publish(
          servers.asked(),
          version,
          decision,
          Method.HOLDOUT,
          90,
          100,
          50,
          version > MANY - 300 ? labels : new String[] {"ant", "bee"});
    }
    ManyHeads.alias(servers.asked(), "champion", MANY - 1, MANY - 3);
  }

  private static void assertPages(Client mia) {
    int page = mia.send("GET", "/api/models", null).body().length();
    int chart = mia.send("GET", "/api/models/chart", null).body().length();
    System.out.printf("models %d bytes, chart %d%n", page, chart);
    assertThat(page).isLessThan(MOST_OF_A_PAGE);
    assertThat(chart).isLessThan(2 * MOST_OF_A_PAGE);
    int news = mia.send("GET", "/api/models/chart?after=" + (MANY - 3), null).body().length();
    assertThat(news).isLessThan(MOST_OF_A_BOARD / 4);
    JsonNode models = LabelServers.models(mia);
    assertThat(models.get("heads")).hasSize(50);
    assertThat(models.at("/heads/0/version").asInt()).isEqualTo(MANY);
    JsonNode next = mia.json("GET", "/api/models?before=" + models.get("next").asLong(), null);
    assertThat(next.at("/heads/0/version").asInt()).isEqualTo(MANY - 50);
    assertThat(mia.json("GET", "/api/models/" + MANY, null).at("/measures/labels")).hasSize(100);
  }

  private static void ask(Browser browser, String button) {
    browser.one(button).click();
    browser.await("the question", b -> !b.all("#dialog[open]").isEmpty());
  }

  private static BufferedReader events(LabelServer server) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + "/api/events"))
            .header("X-User", "ben")
            .header("Accept", "text/event-stream")
            .build();
    return new BufferedReader(
        new InputStreamReader(
            HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body(),
            StandardCharsets.UTF_8));
  }

  private static String board(BufferedReader events) throws Exception {
    String line = "";
    while (!line.startsWith("data: ")) {
      line = Objects.requireNonNull(events.readLine());
    }
    return line.substring("data: ".length());
  }

  private static String boardWith(BufferedReader events, String field) throws Exception {
    String board = board(events);
    while (!board.contains("\"" + field + "\"")) {
      assertThat(board).hasSizeLessThan(MOST_OF_A_BOARD);
      board = board(events);
    }
    return board;
  }

  static void shots(Browser browser, String name) {
    String folder = System.getProperty("label.shots");
    for (String theme : List.of("light", "dark")) {
      browser.theme(theme);
      browser.requireAccessible(name + " in " + theme);
      if (folder != null) {
        Awaitility.await("a look that settles").pollDelay(Duration.ofMillis(600)).until(() -> true);
        browser.picture(Path.of(folder, name + "-" + theme + ".png"));
      }
    }
    browser.theme("light");
  }
}

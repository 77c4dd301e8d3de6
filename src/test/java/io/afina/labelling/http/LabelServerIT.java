package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.NoActions;
import io.afina.metrics.Traces;
import io.afina.model.Heads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The labelling server over a real broker, asked through HTTP as the page does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabelServerIT {

  private TestBroker broker;
  private LabelServers servers;

  /** One of its own: champions and review items would be in the way of other tests. */
  @BeforeAll
  void startBroker() {
    broker = TestBroker.startFresh();
    Asked.applyTopics(broker.bootstrapServers());
  }

  @AfterAll
  void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() {
    servers = new LabelServers(broker.bootstrapServers());
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void shouldShowAPictureTakeTheAnswerAndNotAskAgain() {
    // given
    Client mia = Client.open(servers.start().address());
    List<String> ids = servers.ask(3, ReviewReason.UNCERTAIN);

    // when
    List<JsonNode> items = servers.take(mia, 3);
    JsonNode first = items.get(0);
    HttpResponse<byte[]> picture = mia.bytes(first.get("picture").asText());
    HttpResponse<String> answer = LabelServers.answer(mia, first, " bee ");
    HttpResponse<String> again = LabelServers.answer(mia, first, "ant");

    // then
    assertThat(items)
        .extracting(item -> item.get("image").asText())
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(first.get("reason").asText()).isEqualTo("uncertain");
    assertThat(first.get("top").get(0).get("label").asText()).isEqualTo("ant");
    assertThat(picture.statusCode()).isEqualTo(200);
    assertThat(picture.headers().firstValue("Content-Type")).hasValue("image/png");
    assertThat(picture.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(again.statusCode()).isEqualTo(409);
    JsonNode image = LabelServers.image(mia, first.get("image").asText());
    assertThat(image.get("corrections").get(0).get("label").asText()).isEqualTo("bee");
    assertThat(image.get("corrections").get(0).get("labeller").asText())
        .isEqualTo(System.getProperty("user.name"));
    assertThat(image.get("review").get("reason").asText()).isEqualTo("uncertain");
    assertThat(image.at("/corrections/0/asked").asText()).isEqualTo("uncertain");
  }

  @Test
  void shouldKnowAfterARestartWhatWasAnswered() {
    // given
    servers.asked().record("models", "head/1", Heads.file(Heads.identity(1, "ant", "bee")));
    List<String> ids = servers.ask(6, ReviewReason.AUDIT);
    Set<String> answered = new TreeSet<>();
    try (LabelServer first =
        new LabelServer(
            servers.config(), new NoActions(), new SimpleMeterRegistry(), Traces.off())) {
      Client mia = Client.open(first.address());
      for (JsonNode item : servers.take(mia, 6).subList(0, 4)) {
        assertThat(LabelServers.answer(mia, item, "bee").statusCode()).isEqualTo(204);
        answered.add(item.get("image").asText());
      }
    }

    // when
    Client mia = Client.open(servers.start().address());
    List<JsonNode> items = servers.take(mia, 2);

    // then
    assertThat(items)
        .extracting(item -> item.get("image").asText())
        .doesNotContainAnyElementsOf(answered)
        .isSubsetOf(ids);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              JsonNode heads = LabelServers.models(mia).get("heads");
              return heads.path(heads.size() - 1).at("/live/total").asInt() >= 4;
            });
  }

  @Test
  void shouldForgetAnItemThatWasAnsweredElsewhere() {
    // given
    Client mia = Client.open(servers.start().address());
    String id = servers.ask(1, ReviewReason.UNCERTAIN).get(0);
    JsonNode item = servers.take(mia, 1).get(0);

    // when
    servers
        .asked()
        .record(
            TOPICS.corrections().name(),
            id,
            "{\"label\": \"bee\"}".getBytes(StandardCharsets.UTF_8));

    // then
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> LabelServers.pass(mia, item).statusCode() == 409);
    assertThat(LabelServers.answer(mia, item, "ant").statusCode()).isEqualTo(409);
  }

  @Test
  void shouldShowHeadsAndLetReviewersMoveThem() throws Exception {
    // given
    Client mia = Client.open(servers.start().address());
    servers.asked().record("models", "head/1", Heads.file(Heads.identity(1, "ant", "bee")));
    servers.asked().record("models", "head/2", Heads.file(Heads.identity(2, "ant", "bee")));
    ManyHeads.alias(servers.asked(), "champion", 2);

    // when
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> LabelServers.models(mia).get("heads").size() >= 2);
    HttpResponse<String> promoted =
        mia.send("POST", "/api/models/promote", "{\"version\": 1, \"why\": \"calmer\"}");
    HttpResponse<String> missing = mia.send("POST", "/api/models/promote", "{\"version\": 99}");
    HttpResponse<String> back = mia.send("POST", "/api/models/rollback", "{}");
    HttpResponse<String> unpinned = mia.send("POST", "/api/models/unpin", "{}");

    // then
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> LabelServers.models(mia).at("/aliases/champion/version").asInt() == 2);
    assertThat(promoted.statusCode()).isEqualTo(204);
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(back.statusCode()).isEqualTo(204);
    assertThat(unpinned.statusCode()).isEqualTo(204);
    assertThat(servers.actions())
        .containsExactly(
            "promote 1 " + System.getProperty("user.name") + " calmer",
            "rollback " + System.getProperty("user.name") + " on the models page",
            "unpin " + System.getProperty("user.name") + " on the models page");
    String here = " user=%s address=127.0.0.1 ".formatted(System.getProperty("user.name"));
    assertThat(servers.audit())
        .containsExactly(
            "head promoted" + here + "version=1 why=calmer",
            "rolled back" + here + "why=on the models page",
            "unpinned" + here + "why=on the models page");
    assertThat(mia.json("GET", "/api/labels", null).toString()).contains("\"ant\"", "\"bee\"");
  }

  @Test
  void shouldTakeFilesOfCorrectionsWholeOrNotAtAll() {
    // given
    Client mia = Client.open(servers.start().address());
    String good =
        "id,label,note\n%sa,bee,\n%sb,\"ant, red\",sure\n"
            .formatted(servers.prefix(), servers.prefix());
    String bad =
        "{\"id\": \"%sc\", \"label\": \"bee\"}\n{\"id\": \"x\"}\n".formatted(servers.prefix());

    // when
    HttpResponse<String> taken = mia.send("POST", "/api/corrections", "text/csv", good);
    HttpResponse<String> refused =
        mia.send("POST", "/api/corrections", "application/x-ndjson", bad);

    // then
    assertThat(taken.body()).isEqualTo("{\"sent\":2}");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("row 2");
    assertThat(LabelServers.image(mia, servers.prefix() + "b").at("/corrections/0/label").asText())
        .isEqualTo("ant, red");
    assertThat(mia.send("GET", "/api/images?id=" + servers.prefix() + "c", null).statusCode())
        .isEqualTo(404);
  }

  @Test
  void shouldDescribeEveryRouteAndNoOther() {
    // given
    LabelServer server = servers.start();
    Set<String> described = new TreeSet<>();
    Set<String> served = new TreeSet<>();

    // when
    JsonNode paths = new Client(server.address()).json("GET", "/openapi.json", null).get("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        described.add(
            route(method.getKey(), path.getKey(), method.getValue().get("x-role").asText()));
      }
    }
    for (Routes.Route route : server.routes()) {
      String method = route.method().name().toLowerCase(Locale.ROOT);
      served.add(route(method, route.path(), route.role().text()));
    }

    // then
    assertThat(described).isEqualTo(served);
  }

  private static String route(String method, String path, String role) {
    return "%s %s %s".formatted(method, path, role);
  }
}

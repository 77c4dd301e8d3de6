package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.config.ConfigLoader;
import io.afina.event.Json;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.NoActions;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import io.afina.metrics.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A thousand requests that must be refused, each with its status and a problem document. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestsIT {

  private static final int EACH = 100;
  private static final String PASSWORD = "correct horse";
  private static final int BODY_LIMIT = 2000;
  private static final int UPLOAD_LIMIT = 5000;
  private static final String ANSWER = "{\"page\": \"p\", \"item\": \"0-0\", \"label\": \"bee\"}";

  private static final List<String> UNREADABLE =
      List.of(
          "{\"page\": \"p\", \"item\": \"../0\", \"label\": \"bee\"}",
          "{\"page\": \"p\", \"item\": \"0-0\", \"label\": \"  \"}",
          "{\"page\": \"<script>\", \"item\": 7}",
          "[1, 2",
          "null");

  private TestBroker broker;
  private LabelServer server;
  private String token;
  private final Map<String, Client> logins = new HashMap<>();

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    broker = TestBroker.startFresh();
    Asked.applyTopics(broker.bootstrapServers());
    Path users = folder.resolve("users.yaml");
    Users.add(users, "mia", UserRole.LABELLER, PASSWORD);
    Users.add(users, "ada", UserRole.ADMIN, PASSWORD);
    token = Users.addToken(users, "program", UserRole.ADMIN);
    server =
        new LabelServer(
            ConfigLoader.defaults()
                .set("kafka.bootstrap.servers", broker.bootstrapServers())
                .set("labelling.port", 0)
                .set("labelling.users", users)
                .set("labelling.requestsPerSecond", 2000)
                .set("labelling.maxBodyBytes", BODY_LIMIT)
                .set("labelling.maxUploadBytes", UPLOAD_LIMIT)
                .load(),
            new NoActions(),
            new SimpleMeterRegistry(),
            Traces.off());
  }

  @AfterAll
  void stop() {
    server.close();
    broker.close();
  }

  /** One kind of bad request. */
  private record Attempt(
      Client client, String method, String path, String type, String body, int status) {}

  @Test
  void shouldRefuseAThousandBadRequestsEachWithItsProblem() {
    // given
    Clients clients =
        new Clients(
            new Client(server.address()),
            login("mia"),
            login("ada"),
            login("ada").with("X-CSRF-Token", "guessed"),
            login("ada").without("X-CSRF-Token"),
            login("ada").with("Sec-Fetch-Site", "cross-site"));
    Random random = new Random(17);
    List<Attempt> attempts = new ArrayList<>();

    // when
    for (int i = 0; i < EACH; i++) {
      attempts.addAll(withoutTheRight(clients, i, random));
      attempts.addAll(malformed(clients.ada(), i));
    }

    // then
    assertThat(attempts).hasSize(10 * EACH);
    assertThat(new Client(server.address()).send("GET", "/api/models", null).statusCode())
        .isEqualTo(401);
    attempts.forEach(this::requireProblem);
  }

  private record Clients(
      Client nobody, Client mia, Client ada, Client otherPage, Client noToken, Client otherSite) {}

  private List<Attempt> withoutTheRight(Clients clients, int i, Random random) {
    Client bearer =
        new Client(server.address()).with("Authorization", "Bearer " + random.nextLong());
    Client cookie =
        new Client(server.address())
            .with("Cookie", "afina_session=YWRh.9999999999.x." + random.nextLong());
    boolean even = i % 2 == 0;
    return List.of(
        json(clients.nobody(), even ? "/api/answers" : "/api/items", ANSWER, 401),
        json(clients.mia(), "/api/models/promote", "{\"version\": " + i + "}", 403),
        json(bearer, "/api/answers", ANSWER, 401),
        json(cookie, "/api/answers", ANSWER, 401),
        json(even ? clients.otherPage() : clients.noToken(), "/api/answers", ANSWER, 403),
        json(clients.otherSite(), "/api/undo", "{\"page\": \"p\"}", 403));
  }

  private static List<Attempt> malformed(Client ada, int i) {
    String picture = "/api/pictures/" + List.of("x/1", "0/-1", "0/1e9").get(i % 3);
    String target = i % 2 == 0 ? "/api/corrections" : "/api/items";
    return List.of(
        json(ada, "/api/answers", ANSWER.replace("bee", "x".repeat(BODY_LIMIT * 2) + i), 413),
        new Attempt(ada, "GET", picture, "", "", 400),
        json(ada, "/api/answers", UNREADABLE.get(i % UNREADABLE.size()), 400),
        new Attempt(ada, "POST", target, "text/html", "<script>alert(1)</script>", 415));
  }

  @Test
  void shouldServeNothingOutsideItsTableOfPaths() throws IOException {
    for (String path :
        List.of(
            "/page/../../../etc/passwd",
            "/page/%2e%2e/%2e%2e/etc/passwd",
            "/page/..%2f..%2fetc/passwd",
            "/page/..\\..\\etc\\passwd",
            "/page//etc/passwd",
            "/page/%00",
            "/page/afina.css/",
            "/page/afina.css;x=/../../logback.xml",
            "/../logback.xml",
            "/openapi.json/../../logback.xml",
            "/%c0%ae%c0%ae/logback.xml")) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(answer)
          .as(path)
          .containsPattern("^HTTP/1.1 4\\d\\d")
          .containsIgnoringCase("content-type: application/problem+json")
          .contains("urn:afina:problem:")
          .doesNotContain("root:", "<configuration");
    }
  }

  @Test
  void shouldAnswerWhatIsNoHttpWithAProblemToo() throws IOException {
    assertThat(raw("NONSENSE\r\n\r\n")).contains("400").doesNotContain("<html");
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "y".repeat(40_000) + "\r\n\r\n"))
        .contains("431")
        .doesNotContain("<html");
    assertThat(new Client(server.address()).send("PUT", "/api/session", "{}").statusCode())
        .isEqualTo(405);
  }

  @Test
  void shouldTakeALabelThatLooksLikeAScriptAsText() {
    // given
    String label = "<script>alert('label')</script>";
    Client program = new Client(server.address()).with("Authorization", "Bearer " + token);
    String row =
        new String(Json.write(Map.of("id", "script", "label", label)), StandardCharsets.UTF_8);

    // when
    HttpResponse<String> taken =
        program.send("POST", "/api/corrections", "application/x-ndjson", row);
    HttpResponse<String> shown = program.send("GET", "/api/images?id=script", null);

    // then
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    assertThat(Client.parse(shown.body()).at("/corrections/0/label").asText()).isEqualTo(label);
    assertThat(Client.parse(shown.body()).at("/corrections/0/labeller").asText())
        .isEqualTo("program");
    assertThat(shown.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(shown.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("script-src 'self'")
        .doesNotContain("unsafe");
  }

  @Test
  void shouldNotShowARecordThatIsNoPictureAsAnythingElse() {
    // given
    Client ada = login("ada");
    try (Asked asked = new Asked(broker.bootstrapServers())) {
      var html = asked.record("images", "page", "<html>".getBytes(StandardCharsets.UTF_8));

      // when
      HttpResponse<String> shown =
          ada.send("GET", "/api/pictures/%d/%d".formatted(html.partition(), html.offset()), null);

      // then
      assertThat(shown.statusCode()).isEqualTo(422);
      assertThat(shown.body()).doesNotContain("<html>");
      assertThat(asked.about("fine", 1, ReviewReason.AUDIT)).hasSize(1);
    }
  }

  @Test
  void shouldRefuseAFileThatIsTooLarge() {
    HttpResponse<String> refused =
        login("ada")
            .send("POST", "/api/corrections", "text/csv", "id,label\n" + "x".repeat(UPLOAD_LIMIT));
    assertThat(refused.statusCode()).isEqualTo(413);
  }

  private void requireProblem(Attempt attempt) {
    HttpResponse<String> response =
        attempt
            .client()
            .send(
                attempt.method(),
                attempt.path(),
                attempt.type(),
                attempt.body().isEmpty() ? null : attempt.body());
    assertThat(response.statusCode())
        .as("%s %s: %s", attempt.path(), attempt.body(), response.body())
        .isEqualTo(attempt.status());
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = Client.parse(response.body());
    assertThat(problem.get("status").asInt()).isEqualTo(attempt.status());
    assertThat(problem.get("type").asText()).startsWith("urn:afina:problem:");
    assertThat(problem.get("detail").asText()).isNotBlank();
  }

  private static Attempt json(Client client, String path, String body, int status) {
    return new Attempt(client, "POST", path, "application/json", body, status);
  }

  /** Logging in is slow on purpose, and limited: each user does it once. */
  private Client login(String user) {
    return logins
        .computeIfAbsent(user, name -> Client.login(server.address(), name, PASSWORD))
        .copy();
  }

  private String raw(String request) throws IOException {
    URI address = URI.create(server.address());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

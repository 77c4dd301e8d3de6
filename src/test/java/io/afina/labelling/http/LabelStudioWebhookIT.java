package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhook of Label Studio, by events as it sends them: twice, late, and of several people. */
class LabelStudioWebhookIT {

  private static final String EARLY = "2026-01-01T10:00:00.000001Z";
  private static final String LATE = "2026-01-01T10:05:00.000001Z";
  private static final String NAMES = "\"created_username\": \" Ben Bee ben@bees.org, 4\",";
  private static final String PASSWORD = "correct horse";

  private Path users;
  private TestBroker broker;
  private LabelServers servers;
  private LabelServer server;
  private String token;
  private Client studio;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    broker = TestBroker.startFresh();
    Asked.applyTopics(broker.bootstrapServers());
    servers = new LabelServers(broker.bootstrapServers());
    users = folder.resolve("users.yaml");
    Users.add(users, "mia", UserRole.ADMIN, PASSWORD);
    token = Users.addToken(users, "studio", UserRole.LABELLER);
    server = servers.start(servers.config("labelling.users", users.toString()));
    studio = new Client(server.address()).with("Authorization", "Bearer " + token);
  }

  @AfterEach
  void stop() {
    servers.close();
    broker.close();
  }

  @Test
  void shouldKeepTheLastWordWhateverComesTwiceOrLate() {
    // given
    String created = event("ANNOTATION_CREATED", 12, "bee", EARLY, false);
    String updated = event("ANNOTATION_UPDATED", 12, "wasp", LATE, false);

    // when
    assertThat(post(created)).isEqualTo(200);
    assertThat(post(updated)).isEqualTo(200);
    assertThat(post(created)).isEqualTo(202);
    assertThat(post(updated)).isEqualTo(202);

    // then
    assertThat(labels()).containsExactly("wasp", "bee");
  }

  @Test
  void shouldWithdrawWhatIsCancelledOrDeleted() {
    // given
    assertThat(post(event("ANNOTATION_CREATED", 12, "bee", EARLY, false))).isEqualTo(200);

    // when
    assertThat(post(event("ANNOTATION_UPDATED", 12, "bee", LATE, true))).isEqualTo(200);
    assertThat(post(event("ANNOTATION_CREATED", 12, "bee", EARLY, false))).isEqualTo(202);
    assertThat(post(event("ANNOTATION_CREATED", 13, "ant", EARLY, false))).isEqualTo(200);
    assertThat(post(deleted(13))).isEqualTo(200);
    assertThat(post(deleted(13))).isEqualTo(202);
    assertThat(post(deleted(99))).isEqualTo(202);

    // then
    assertThat(labels()).containsExactly("withdrawn", "ant", "withdrawn", "bee");

    // when: another server knows it too, whoever has the last word
    assertThat(post(event("ANNOTATION_CREATED", 14, "dog", EARLY, false))).isEqualTo(200);
    server.close();
    server = servers.start(servers.config("labelling.users", users.toString()));
    studio = new Client(server.address()).with("Authorization", "Bearer " + token);
    Client mia = Client.login(server.address(), "mia", PASSWORD);
    awaitLastLabel("dog");
    assertThat(
            mia.send("POST", "/api/corrections", "text/csv", "id,label\na.jpg,cat\n").statusCode())
        .isEqualTo(200);
    awaitLastLabel("cat");

    // then
    assertThat(post(deleted(14))).isEqualTo(200);
    assertThat(labels().subList(0, 3)).containsExactly("withdrawn", "cat", "dog");
  }

  @Test
  void shouldWithdrawTheAnnotatorsWordAloneAndKnowItAfterARestart() {
    // given
    assertThat(post(event("ANNOTATION_CREATED", 12, "bee", EARLY, false))).isEqualTo(200);
    Client mia = Client.login(server.address(), "mia", PASSWORD);
    mia.send("POST", "/api/corrections", "text/csv", "id,label\na.jpg,cat\n");
    awaitLastLabel("cat");

    // when
    assertThat(post(deleted(12))).isEqualTo(200);

    // then
    JsonNode last = corrections().get(0);
    assertThat(last.get("label").isNull()).isTrue();
    assertThat(last.get("labeller").asText()).isEqualTo("ben@bees.org");

    // when: another server, which has read what came before
    server.close();
    server = servers.start(servers.config("labelling.users", users.toString()));
    studio = new Client(server.address()).with("Authorization", "Bearer " + token);
    assertThat(post(event("ANNOTATION_CREATED", 20, "fly", EARLY, false))).isEqualTo(200);
    assertThat(post(event("ANNOTATION_CREATED", 21, "moth", EARLY, false))).isEqualTo(200);
    awaitLastLabel("moth");

    // then: what comes late changes nothing, nor what its author has replaced
    assertThat(post(event("ANNOTATION_CREATED", 12, "bee", EARLY, false))).isEqualTo(202);
    assertThat(post(deleted(20))).isEqualTo(202);
    assertThat(labels()).containsExactly("moth", "fly", "withdrawn", "cat", "bee");
  }

  @Test
  void shouldNameWhoMadeTheAnnotation() {
    // given
    String plain = event("ANNOTATION_CREATED", 3, "fly", EARLY, false);
    String nobody = plain.replace(NAMES, "");
    String person =
        plain.replace("\"completed_by\": 4", "\"completed_by\": {\"email\": \"eva@bees.org\"}");

    // when
    assertThat(post(nobody)).isEqualTo(200);
    assertThat(post(person.replace("\"id\": 3", "\"id\": 4"))).isEqualTo(200);
    assertThat(post(plain.replace("\"id\": 3", "\"id\": 5"))).isEqualTo(200);

    // then
    assertThat(corrections())
        .extracting(correction -> correction.get("labeller").asText())
        .containsExactly("ben@bees.org", "eva@bees.org", "studio");
  }

  @Test
  void shouldRefuseSessionsAndIdsThatAreTooLong() {
    // given
    Client mia = Client.login(server.address(), "mia", PASSWORD);
    String event = event("ANNOTATION_CREATED", 12, "bee", EARLY, false);

    // when
    HttpResponse<String> session = mia.send("POST", "/api/label-studio/webhook", event);
    HttpResponse<String> endless =
        studio.send("POST", "/api/label-studio/webhook", event.replace("a.jpg", "ä".repeat(501)));
    HttpResponse<String> longest =
        studio.send("POST", "/api/label-studio/webhook", event.replace("a.jpg", "ä".repeat(500)));

    // then
    assertThat(session.statusCode()).isEqualTo(403);
    assertThat(session.body()).contains("urn:afina:problem:needs-token");
    assertThat(endless.statusCode()).isEqualTo(400);
    assertThat(endless.body()).contains("urn:afina:problem:bad-id", "1,000 bytes");
    assertThat(longest.statusCode()).as(longest.body()).isEqualTo(200);
  }

  @Test
  void shouldGiveOpenItemsAsTasksAndKnowWhyTheyWereAsked() {
    // given
    String id = servers.ask(1, ReviewReason.UNCERTAIN).get(0);
    Client mia = Client.login(server.address(), "mia", PASSWORD);
    servers.take(mia, 1);

    // when
    JsonNode tasks = mia.json("GET", "/api/label-studio/tasks?pictures=inline&count=500", null);
    int taken = post(event("ANNOTATION_CREATED", 12, "bee", EARLY, false).replace("a.jpg", id));
    int other = post("{\"action\": \"PROJECT_UPDATED\"}");

    // then
    JsonNode task = tasks.get(0);
    assertThat(task.at("/data/afina_id").asText()).isEqualTo(id);
    assertThat(task.at("/data/image").asText()).startsWith("data:image/png;base64,");
    assertThat(task.at("/predictions/0/result/0/value/choices/0").asText()).isEqualTo("ant");
    assertThat(taken).isEqualTo(200);
    assertThat(other).isEqualTo(202);
    JsonNode said = LabelServers.image(mia, id).at("/corrections/0");
    assertThat(said.get("note").asText()).startsWith("Label Studio annotation 12 of " + EARLY);
    assertThat(said.get("asked").asText()).isEqualTo("uncertain");
  }

  private int post(String event) {
    return studio.send("POST", "/api/label-studio/webhook", event).statusCode();
  }

  /** What was said of the image, the last word first. */
  private List<String> labels() {
    return corrections().stream().map(said -> said.get("label").asText("withdrawn")).toList();
  }

  private List<JsonNode> corrections() {
    List<JsonNode> all = new ArrayList<>();
    LabelServers.image(studio, "a.jpg").get("corrections").forEach(all::add);
    return all;
  }

  /** The server has read it back once it says that it gave it a label today. */
  private void awaitLastLabel(String label) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> studio.json("GET", "/api/labels", null).get("labels").toString().contains(label));
  }

  private static String event(
      String action, long id, String label, String updated, boolean cancelled) {
    return """
        {"action": "%s",
         "annotation": {"id": %d, "was_cancelled": %s, "completed_by": 4, %s
           "updated_at": "%s", "result": [
             {"from_name": "label", "to_name": "image", "type": "choices", "value": {"choices": ["%s"]}}]},
         "task": {"id": 7, "data": {"image": "x", "afina_id": "a.jpg"}}, "project": {"id": 1}}
        """
        .formatted(action, id, cancelled, NAMES, updated, label);
  }

  private static String deleted(long id) {
    return "{\"action\": \"ANNOTATIONS_DELETED\", \"annotations\": [{\"id\": %d}], \"project\": {\"id\": 1}}"
        .formatted(id);
  }
}

package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.ReviewItem.ReviewReason;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What labellers see of their own answers, and reviewers of everybody's. */
class AnswersIT {

  private TestBroker broker;
  private LabelServers servers;

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
  void shouldListTheOwnAnswersByWhatIsAskedForAndChangeThem() {
    // given: the model said ant
    LabelServer server = servers.start(servers.people(Map.of("labelling.trustedRole", "labeller")));
    Client mia = LabelServers.person(server, "mia");
    servers.ask(3, ReviewReason.AUDIT);
    List<JsonNode> items = servers.take(mia, 3);
    LabelServers.answer(mia, items.get(0), "ant");
    LabelServers.answer(mia, items.get(1), "bee");
    LabelServers.answer(mia, items.get(2), "wasp");
    correct(image(items.get(1)), "fly", "ben");
    awaitAnswers(mia, "show=disputed", 1);

    // then
    assertThat(images(mia, "show=all"))
        .containsExactly(image(items.get(2)), image(items.get(1)), image(items.get(0)));
    assertThat(images(mia, "show=all&from=1&count=1")).containsExactly(image(items.get(1)));
    assertThat(images(mia, "show=corrected"))
        .containsExactly(image(items.get(2)), image(items.get(1)));
    assertThat(images(mia, "label=WASP")).containsExactly(image(items.get(2)));
    JsonNode disputed = answers(mia, "show=disputed").get(0);
    assertThat(disputed.at("/others/0/label").asText()).isEqualTo("fly");
    assertThat(disputed.at("/others/0/labeller").isNull()).as("who it was").isTrue();
    assertThat(disputed.get("picture").asText()).startsWith("/api/pictures/");

    // when
    assertThat(change(mia, image(items.get(1)), "\"fly\"").statusCode()).isEqualTo(204);
    assertThat(change(mia, image(items.get(2)), "null").statusCode()).isEqualTo(204);

    // then
    awaitAnswers(mia, "show=disputed", 0);
    awaitAnswers(mia, "show=all", 2);
    JsonNode last = LabelServers.image(mia, image(items.get(1))).at("/corrections/0");
    assertThat(last.get("label").asText()).isEqualTo("fly");
    assertThat(last.get("asked").asText()).isEqualTo("audit");
  }

  @Test
  void shouldKeepFromLabellersWhatReviewersMay() {
    // given
    LabelServer server = servers.start(servers.people(Map.of("labelling.trustedRole", "labeller")));
    Client mia = LabelServers.person(server, "mia");
    correct(servers.prefix() + "x", "fly", "ben");

    // then
    assertThat(mia.send("GET", "/api/answers?labeller=ben", null).statusCode()).isEqualTo(403);
    assertThat(mia.send("GET", "/api/disagreements", null).statusCode()).isEqualTo(403);
    assertThat(mia.send("GET", "/api/labellers", null).statusCode()).isEqualTo(403);
    assertThat(change(mia, servers.prefix() + "x", "\"bee\"").body()).contains("not-answered");
    assertThat(mia.send("GET", "/api/answers?show=x", null).statusCode()).isEqualTo(400);
  }

  @Test
  void shouldShowReviewersWhereLabellersDisagreeUntilOneLabelHasMostVotes() {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    Client rob = LabelServers.person(server, "rob");
    String image = servers.prefix() + "x";
    correct(image, "fly", "ben");
    correct(image, "Fly", "mia");
    correct(image, "bee", "eva");
    correct(image, "bee", "ada");
    await().atMost(Duration.ofSeconds(30)).until(() -> disagreements(rob).size() == 1);

    // then
    JsonNode counts = rob.json("GET", "/api/labellers", null).get("labellers");
    assertThat(counts)
        .extracting(c -> c.get("labeller").asText())
        .containsExactly("ada", "ben", "eva", "mia");
    assertThat(counts.get(1).get("compared").asInt()).isEqualTo(3);
    assertThat(counts.get(1).get("agreeing").asInt()).isEqualTo(1);
    assertThat(disagreements(rob).at("/0/others/3/labeller").asText()).isEqualTo("ada");

    // when
    assertThat(change(rob, image, "\"bee\"").statusCode()).isEqualTo(204);

    // then
    await().atMost(Duration.ofSeconds(30)).until(() -> disagreements(rob).isEmpty());
    Client ben = LabelServers.person(server, "nobody yet");
    assertThat(disagreements(ben)).isEmpty();
  }

  private static JsonNode disagreements(Client client) {
    return client.json("GET", "/api/disagreements", null).get("answers");
  }

  private static JsonNode answers(Client client, String query) {
    return client.json("GET", "/api/answers?" + query, null).get("answers");
  }

  private static List<String> images(Client client, String query) {
    List<String> images = new ArrayList<>();
    answers(client, query).forEach(answer -> images.add(image(answer)));
    return images;
  }

  private static String image(JsonNode item) {
    return item.get("image").asText();
  }

  private static void awaitAnswers(Client client, String query, int count) {
    await().atMost(Duration.ofSeconds(30)).until(() -> answers(client, query).size() == count);
  }

  private static HttpResponse<String> change(Client client, String image, String label) {
    return client.send(
        "POST",
        "/api/answers/change",
        "{\"image\": \"%s\", \"label\": %s}".formatted(image, label));
  }

  private void correct(String id, String label, String labeller) {
    servers
        .asked()
        .record(
            TOPICS.corrections().name(),
            id,
            Json.write(new Correction(label, labeller, null, null)));
  }
}

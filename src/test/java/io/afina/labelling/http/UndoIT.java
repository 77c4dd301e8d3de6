package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.TestBroker;
import io.afina.event.ReviewItem.ReviewReason;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What undo takes back, asked through HTTP as the page does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UndoIT {

  private static final String UNDO = "{\"page\": \"p\"}";

  private TestBroker broker;
  private LabelServers servers;

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
  void shouldTakeAnAnswerBackAndAskAgain() {
    // given
    Client mia = Client.open(servers.start().address());
    servers.ask(1, ReviewReason.NOVEL);
    JsonNode item = servers.take(mia, 1).get(0);
    assertThat(LabelServers.answer(mia, item, "bee").statusCode()).isEqualTo(204);

    // when
    JsonNode undone = undo(mia);
    HttpResponse<String> second = LabelServers.answer(mia, item, "wasp");

    // then
    assertThat(undone.get("label").asText()).isEqualTo("bee");
    assertThat(undone.get("item").get("item")).isEqualTo(item.get("item"));
    assertThat(second.statusCode()).as(second.body()).isEqualTo(204);
    JsonNode said = LabelServers.image(mia, item.get("image").asText()).get("corrections");
    assertThat(said).hasSize(3);
    assertThat(said.get(0).get("label").asText()).isEqualTo("wasp");
    assertThat(said.get(1).get("label").isNull()).isTrue();
  }

  @Test
  void shouldUndoWhateverWasDoneLast() {
    // given
    Client mia = Client.open(servers.start().address());
    servers.ask(3, ReviewReason.AUDIT);
    List<JsonNode> items = servers.take(mia, 3);
    LabelServers.answer(mia, items.get(0), "bee");
    LabelServers.pass(mia, items.get(1));
    LabelServers.pass(mia, items.get(2), "unsure");

    // when
    JsonNode third = undo(mia);
    JsonNode second = undo(mia);
    JsonNode first = undo(mia);

    // then
    assertThat(List.of(third, second, first))
        .extracting(undone -> undone.get("action").asText())
        .containsExactly("unsure", "skip", "label");
    assertThat(List.of(first, second, third))
        .extracting(undone -> undone.at("/item/item").asText())
        .containsExactlyElementsOf(items.stream().map(item -> item.get("item").asText()).toList());
    assertThat(mia.send("POST", "/api/undo", UNDO).body()).contains("nothing-to-undo");
    assertThat(LabelServers.answer(mia, items.get(1), "ant").statusCode()).isEqualTo(204);
  }

  @Test
  void shouldTakeBackOnlyTheOwnWordAndSayWhatWasSaidBefore() {
    // given
    LabelServer server = servers.start(servers.people(Map.of()));
    Client ben = LabelServers.person(server, "ben");
    servers.ask(1, ReviewReason.AUDIT);
    JsonNode item = servers.take(ben, 1).get(0);
    String id = item.get("image").asText();

    // when
    LabelServers.answer(ben, item, "wasp");
    servers
        .asked()
        .record(
            TOPICS.corrections().name(),
            id,
            "{\"label\": \"bee\", \"labeller\": \"ada\"}".getBytes(StandardCharsets.UTF_8));
    JsonNode undone = undo(ben);

    // then
    JsonNode said = LabelServers.image(ben, id).get("corrections");
    assertThat(undone.get("item").isNull()).isFalse();
    assertThat(said.get(0).get("label").isNull()).isTrue();
    assertThat(said.get(0).get("labeller").asText()).isEqualTo("ben");

    // when: at once, before what was withdrawn is read back
    LabelServers.answer(ben, item, "ant");
    undo(ben);

    // then
    assertThat(LabelServers.image(ben, id).at("/corrections/0/label").isNull()).isTrue();
  }

  private static JsonNode undo(Client client) {
    return client.json("POST", "/api/undo", UNDO);
  }
}

package io.afina.labelling.http;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.LogLines;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.ModelActions;
import io.afina.lifecycle.Closer;
import io.afina.log.Audit;
import io.afina.metrics.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Label servers over one broker, the images of one test, and what its clients send. */
final class LabelServers implements AutoCloseable {

  private final List<String> actions = new ArrayList<>();
  private final Closer closer = new Closer();
  private final LogLines audit = closer.own(new LogLines(Audit.LOGGER));
  private final String prefix = "label-it/" + System.nanoTime() + "/";
  private final String bootstrapServers;
  private final Asked asked;

  LabelServers(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.asked = closer.own(new Asked(bootstrapServers));
  }

  Asked asked() {
    return asked;
  }

  /** What the image ids of this test begin with: other tests share the topics. */
  String prefix() {
    return prefix;
  }

  /** What the audit trail says since this test began. */
  List<String> audit() {
    return audit.all();
  }

  /** What reviewers did to the champion. */
  List<String> actions() {
    return actions;
  }

  /** Publishes review items of this test; gives their image ids. */
  List<String> ask(int count, ReviewReason reason) {
    return asked.about(prefix, count, reason);
  }

  LabelServer start() {
    return start(config());
  }

  LabelServer start(AfinaConfig config) {
    return closer.own(
        new LabelServer(
            config,
            new ModelActions() {
              @Override
              public void promote(long version, String who, String why) {
                actions.add("promote %d %s %s".formatted(version, who, why));
              }

              @Override
              public void unpin(String who, String why) {
                actions.add("unpin %s %s".formatted(who, why));
              }

              @Override
              public void rollback(String who, String why) {
                actions.add("rollback %s %s".formatted(who, why));
              }
            },
            new SimpleMeterRegistry(),
            Traces.off()));
  }

  AfinaConfig config() {
    return config("labelling.leasesPerLabeller", "1000");
  }

  AfinaConfig config(String key, String value) {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", bootstrapServers)
        .set("labelling.port", 0)
        .set("labelling.requestsPerSecond", 1000)
        .set(key, value)
        .load();
  }

  /** People are who the header X-User says, as behind a proxy that logs them in. */
  AfinaConfig people(Map<String, Object> settings) {
    ConfigLoader loader =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", bootstrapServers)
            .set("labelling.port", 0)
            .set("labelling.requestsPerSecond", 1000)
            .set("labelling.trustedHeader", "X-User")
            .set("labelling.trustedRole", "reviewer");
    settings.forEach(loader::set);
    return loader.load();
  }

  /** A person of {@link #people}. */
  static Client person(LabelServer server, String name) {
    Client client = new Client(server.address()).with("X-User", name);
    client.with("X-CSRF-Token", client.json("GET", "/api/session", null).get("csrf").asText());
    return client;
  }

  /** Takes items until at least so many of this test are there. */
  List<JsonNode> take(Client client, int count) {
    List<JsonNode> ours = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              ours.clear();
              client
                  .json("POST", "/api/items", "{\"page\": \"p\", \"count\": 1000}")
                  .get("items")
                  .forEach(
                      item -> {
                        if (item.get("image").asText().startsWith(prefix)) {
                          ours.add(item);
                        }
                      });
              return ours.size() >= count;
            });
    return ours;
  }

  static HttpResponse<String> answer(Client client, JsonNode item, String label) {
    return client.send(
        "POST",
        "/api/answers",
        "{\"page\": \"p\", \"item\": %s, \"label\": \"%s\"}".formatted(item.get("item"), label));
  }

  static HttpResponse<String> pass(Client client, JsonNode item) {
    return client.send("POST", "/api/passes", "{\"item\": %s}".formatted(item.get("item")));
  }

  /** Passes without an answer, with a field of the request that is true. */
  static HttpResponse<String> pass(Client client, JsonNode item, String field) {
    return client.send(
        "POST", "/api/passes", "{\"item\": %s, \"%s\": true}".formatted(item.get("item"), field));
  }

  static JsonNode image(Client client, String id) {
    return client.json("GET", "/api/images?id=" + id, null);
  }

  static JsonNode models(Client client) {
    return client.json("GET", "/api/models", null);
  }

  @Override
  public void close() {
    closer.close();
  }
}

package io.afina.monitoring;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.Programs;
import io.afina.kafka.Publisher;
import io.afina.labelling.http.Client;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes a running system under load, and everything that the rules and the
 * dashboards ask it for is there. Skipped where there is no {@code prometheus}, which CI installs.
 */
class MonitoringIT {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern NAME =
      Pattern.compile("\\b((?:afina|kafka|jvm|process|up)[a-z0-9_:]*)\\b");
  private static final String TAKE = "{\"page\": \"p\", \"count\": 1}";

  /** Of one process, with the few labels of this test, and pictures that are fetched. */
  private static final int MOST_SERIES = 320;

  private Path picture;
  private Monitored system;
  private Client labeller;

  @BeforeAll
  static void requirePrograms() {
    Programs.require("prometheus");
  }

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    picture =
        Files.write(folder.resolve("one.png"), LabelledPicture.drawn(1, 1).get(0).bytes().get());
    system = new Monitored(folder, 1);
    labeller =
        system.labeller(
            system
                .startAll(
                    // Many are drawn by chance, so that every label soon has its accuracy.
                    List.of(
                        "--set", "review.audit=0.5", "--set", "pictures.sources=" + folder.toUri()),
                    List.of("--train-every", "8", "--set", "decide.precision=0.5"),
                    List.of())
                .get(2));
  }

  @AfterEach
  void stop() {
    system.close();
  }

  @Test
  void shouldHaveDataForEveryPanelAndEveryRule() throws Exception {
    Set<String> names = new TreeSet<>();
    List<String> expected = new ArrayList<>();
    for (JsonNode rule : MonitoringRules.rules()) {
      if (rule.has("record")) {
        expected.add(rule.get("record").asText());
      }
      names.addAll(names(rule.get("expr").asText()));
    }
    expected.addAll(panels());
    assertThat(expected).hasSizeGreaterThan(40);
    try (Replay replay = new Replay(system.config(), new Replay.Pace(0.5, 30, 1))) {
      replay.stream(LabelledPicture.drawn(1, 240), true, score -> {});
      AtomicInteger seed = new AtomicInteger(1);
      await("every panel and every rule has data")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                // It goes on: what is counted for the first time has no rate yet.
                replay.stream(LabelledPicture.drawn(seed.incrementAndGet(), 30), true, score -> {});
                publish("none", "no picture", "image/png");
                publish("elsewhere", picture.toUri().toString(), "text/uri-list");
                answer();
                assertThat(expected).filteredOn(query -> isEmpty(query)).isEmpty();
              });
    }
    assertThat(names).filteredOn(name -> isEmpty(name)).isEmpty();
    assertThat(system.prometheus().query("count by (job) ({job=~\"afina-.+\"}) > " + MOST_SERIES))
        .as("processes with more series than a Prometheus of many should keep")
        .isEmpty();
  }

  private void publish(String id, String value, String type) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(TOPICS.images().name(), id, value.getBytes(StandardCharsets.UTF_8));
    record.headers().add("content-type", type.getBytes(StandardCharsets.UTF_8));
    try (Publisher<byte[]> images = Publisher.open(system.config(), TOPICS.images())) {
      images.send(record);
      images.flush();
    }
  }

  /** As a labeller would, if there is a question. */
  private void answer() {
    String answer = "{\"page\": \"p\", \"item\": %s, \"label\": \"ant\"}";
    for (JsonNode item : labeller.json("POST", "/api/items", TAKE).get("items")) {
      assertThat(
              labeller
                  .send("POST", "/api/answers", answer.formatted(item.get("item")))
                  .statusCode())
          .isEqualTo(204);
    }
  }

  /**
   * The query of every panel, with Grafana's variables as they would be at this scrape interval.
   */
  private static List<String> panels() throws IOException {
    List<String> queries = new ArrayList<>();
    for (JsonNode dashboard : MonitoringRules.dashboards()) {
      dashboard
          .get("panels")
          .findValuesAsText("expr")
          .forEach(query -> queries.add(MonitoringRules.filledIn(query, "1m")));
    }
    return queries;
  }

  private static Set<String> names(String expression) {
    Set<String> names = new TreeSet<>();
    NAME.matcher(expression.replaceAll("\"[^\"]*\"", ""))
        .results()
        .forEach(match -> names.add(match.group(1)));
    return names;
  }

  private boolean isEmpty(String query) {
    return system.prometheus().query(query).isEmpty();
  }
}

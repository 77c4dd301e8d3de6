package io.afina.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.afina.Child;
import io.afina.broker.EmbeddedBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a classifier logs as it starts, and while its broker is away. */
class ProcessLogIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** In which it logged 1,500 lines a minute. */
  private static final Duration AWAY = Duration.ofSeconds(20);

  private static final int MOST_LINES = 60;

  @TempDir Path folder;

  @Test
  void shouldSayWhatItIsAndLittleWhileItsBrokerIsAway() {
    EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
    AfinaConfig config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
    try (Child classifier = classifier(broker.bootstrapServers())) {
      // when
      classifier.awaitOutput("\"ready\"");

      // then
      List<JsonNode> lines = lines(classifier);
      assertThat(lines).allSatisfy(ProcessLogIT::isNamed);
      assertThat(lines.get(0).path("message").asText()).isEqualTo("starts");
      JsonNode what = lines.get(0).path("fields");
      assertThat(what.path("bootstrap").asText()).isEqualTo(broker.bootstrapServers());
      assertThat(what.path("group").asText()).isEqualTo("afina-classifier");
      assertThat(what.path("backbone").asText()).isEqualTo("bundled:small_res_112.onnx");
      assertThat(what.has("version")).isTrue();
      assertThat(fields(lines, "a broker answers").path("cluster").asText()).isNotEmpty();
      assertThat(fields(lines, "ready").path("seconds").asDouble()).isPositive();

      // when
      int before = lines.size();
      broker.close();
      await("the broker is away").pollDelay(AWAY).atMost(AWAY.multipliedBy(2)).until(() -> true);

      // then
      assertThat(lines(classifier))
          .as(classifier::output)
          .hasSizeBetween(before + 1, before + MOST_LINES);
    } finally {
      broker.close();
    }
  }

  private static void isNamed(JsonNode line) {
    assertThat(line.path("role").asText()).isEqualTo("classify");
    assertThat(line.path("instance").asText()).isEqualTo("c-1");
  }

  private static JsonNode fields(List<JsonNode> lines, String message) {
    return lines.stream()
        .filter(line -> line.path("message").asText().equals(message))
        .findFirst()
        .orElseThrow()
        .path("fields");
  }

  private Child classifier(String servers) {
    return Child.start(
        folder,
        "classify",
        "-b",
        servers,
        "--threads",
        "4",
        "--instance-id",
        "c-1",
        "--state-dir",
        folder.resolve("state").toString(),
        "--log-format",
        "json");
  }

  /** Both streams of the process together: nothing but JSON. */
  private static List<JsonNode> lines(Child child) {
    return child.output().lines().map(ProcessLogIT::parse).toList();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }
}

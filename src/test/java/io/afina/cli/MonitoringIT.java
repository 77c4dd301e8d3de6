package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.afina.Child;
import io.afina.Programs;
import io.afina.broker.EmbeddedBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Topics;
import io.afina.labelling.Client;
import io.afina.lifecycle.Closer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes a running system under load, and everything that the rules and the
 * dashboards ask it for is there. Skipped where there is no {@code prometheus}, which CI installs.
 */
class MonitoringIT {

  private static final Path MONITORING = Path.of("monitoring");
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern NAME =
      Pattern.compile("\\b((?:afina|kafka|jvm|process|up)[a-z0-9_:]*)\\b");
  private static final Pattern ADDRESS = Pattern.compile("metrics at http://([0-9.:]+)/metrics");
  private static final Pattern PAGE = Pattern.compile("label at (http://[0-9.:]+)");
  private static final String TAKE = "{\"page\": \"p\", \"count\": 1}";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Closer closer = new Closer();
  private final HttpClient http = HttpClient.newHttpClient();
  private Path folder;
  private AfinaConfig config;
  private URI prometheus;
  private Client labeller;

  @BeforeEach
  void start(@TempDir Path temporary) throws Exception {
    Programs.require("prometheus");
    folder = temporary;
    EmbeddedBroker broker = closer.own(EmbeddedBroker.startFresh());
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
    Map<String, String> targets = new LinkedHashMap<>();
    Child classify = role("classify", "--state-dir", folder.resolve("state").toString());
    Child train = role("train", "--train-every", "8");
    Child label = role("label", "--port", "0");
    targets.put("afina-classify", found(ADDRESS, classify));
    targets.put("afina-train", found(ADDRESS, train));
    targets.put("afina-label", found(ADDRESS, label));
    labeller = Client.open(found(PAGE, label));
    prometheus = startPrometheus(targets);
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldHaveDataForEveryPanelAndEveryRule() throws Exception {
    try (Replay replay = new Replay(config, new Replay.Pace(0.5, 15, 1))) {
      replay.stream(LabelledPicture.drawn(1, 300), true, score -> {});
      unusable();
      answer();
      replay.stream(LabelledPicture.drawn(2, 300), true, score -> {});
    }

    Set<String> names = new TreeSet<>();
    List<String> expected = new ArrayList<>();
    for (JsonNode rule : rules()) {
      if (rule.has("record")) {
        expected.add(rule.get("record").asText());
      }
      names.addAll(names(rule.get("expr").asText()));
    }
    expected.addAll(panels());
    assertThat(expected).hasSizeGreaterThan(40);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(expected).filteredOn(query -> isEmpty(query)).isEmpty());
    assertThat(names).filteredOn(name -> isEmpty(name)).isEmpty();
  }

  private Child role(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-b", config.bootstrapServers(), "--management-port", "0"));
    Child child = closer.own(Child.start(folder, all.toArray(String[]::new)));
    return child.awaitOutput("metrics at");
  }

  private static String found(Pattern pattern, Child child) {
    Matcher matcher = pattern.matcher(child.output());
    assertThat(matcher.find()).as(child::output).isTrue();
    return matcher.group(1);
  }

  /** The repository's rules, over a scrape of its own: a second apart, and from free ports. */
  private URI startPrometheus(Map<String, String> targets) throws IOException {
    StringBuilder scrapes = new StringBuilder();
    targets.forEach(
        (job, target) ->
            scrapes.append(
                "  - {job_name: %s, static_configs: [{targets: ['%s']}]}%n"
                    .formatted(job, target)));
    Path rules = MONITORING.resolve("prometheus").toAbsolutePath();
    Path file =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['%s/recording.yaml', '%s/alerts.yaml']
            scrape_configs:
            """
                    .formatted(rules, rules)
                + scrapes);
    String address = "127.0.0.1:" + freePort();
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=" + address)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    closer.own(() -> process.destroyForcibly().waitFor());
    return URI.create("http://" + address);
  }

  /** A picture that is none, and a correction whose image never came. */
  private void unusable() {
    try (Publisher<byte[]> images = Publisher.open(config, Topics.IMAGES)) {
      images.send(
          new ProducerRecord<>(
              Topics.IMAGES.name(), "none", "no picture".getBytes(StandardCharsets.UTF_8)));
      images.flush();
    }
  }

  /** As a labeller would. */
  private void answer() {
    JsonNode items =
        await()
            .atMost(PATIENCE)
            .until(
                () -> labeller.json("POST", "/api/items", TAKE).get("items"),
                taken -> !taken.isEmpty());
    String answer = "{\"page\": \"p\", \"item\": %s, \"label\": \"ant\"}";
    assertThat(
            labeller
                .send("POST", "/api/answers", answer.formatted(items.get(0).get("item")))
                .statusCode())
        .isEqualTo(204);
  }

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (String file : List.of("recording.yaml", "alerts.yaml")) {
      JsonNode read =
          new YAMLMapper().readTree(MONITORING.resolve("prometheus").resolve(file).toFile());
      read.get("groups").forEach(group -> group.get("rules").forEach(rules::add));
    }
    return rules;
  }

  /** The query of every panel, with Grafana's variable as it would be at this scrape interval. */
  private static List<String> panels() throws IOException {
    List<String> queries = new ArrayList<>();
    try (Stream<Path> files = Files.list(MONITORING.resolve("grafana/dashboards"))) {
      for (Path file : files.sorted().toList()) {
        for (JsonNode panel : JSON.readTree(file.toFile()).get("panels")) {
          panel
              .get("targets")
              .forEach(
                  target ->
                      queries.add(target.get("expr").asText().replace("$__rate_interval", "1m")));
        }
      }
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
    URI uri =
        prometheus.resolve(
            "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    JsonNode answer = ask(uri);
    assertThat(answer.get("status").asText()).as("%s: %s", query, answer).isEqualTo("success");
    return answer.get("data").get("result").isEmpty();
  }

  private JsonNode ask(URI uri) {
    try {
      return JSON.readTree(
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

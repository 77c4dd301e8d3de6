package io.afina.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A real Prometheus with the repository's rules, over targets that come and go. */
final class Prometheus implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Set<String>> targets = new TreeMap<>();
  private final Path folder;
  private final URI address;
  private final Process process;

  /**
   * Starts one that scrapes once a second.
   *
   * @param folder for its files
   * @param speed how many times faster than written the rules' durations are
   */
  Prometheus(Path folder, int speed) {
    this.folder = folder;
    try {
      List<Path> rules = MonitoringRules.write(folder, speed);
      scrape();
      Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration(rules));
      String listen = "127.0.0.1:" + Ports.free();
      address = URI.create("http://" + listen);
      process =
          new ProcessBuilder(
                  "prometheus",
                  "--config.file=" + file,
                  "--storage.tsdb.path=" + folder.resolve("tsdb"),
                  "--web.listen-address=" + listen)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("prometheus.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configuration(List<Path> rules) {
    return """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ['%s', '%s']
        scrape_configs:
          - {job_name: afina, file_sd_configs: [{files: ['%s'], refresh_interval: 1s}]}
        """
        .formatted(rules.get(0), rules.get(1), folder.resolve("targets.json"));
  }

  /** Scrapes a process from now on. */
  void watch(String job, String target) {
    targets.computeIfAbsent(job, j -> new TreeSet<>()).add(target);
    scrape();
  }

  /** A process that is not missed any more. */
  void forget(String target) {
    targets.values().forEach(all -> all.remove(target));
    scrape();
  }

  private void scrape() {
    List<Map<String, Object>> groups = new ArrayList<>();
    targets.forEach((job, all) -> groups.add(Map.of("targets", all, "labels", Map.of("job", job))));
    try {
      Path fresh = folder.resolve("targets.tmp");
      JSON.writeValue(fresh.toFile(), groups);
      Files.move(fresh, folder.resolve("targets.json"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a query gives now. */
  JsonNode query(String query) {
    return ask("/api/v1/query?query=" + encoded(query)).get("result");
  }

  /** What a query gave over a time. */
  JsonNode range(String query, Instant from, Instant to, Duration step) {
    return ask("/api/v1/query_range?query=%s&start=%s&end=%s&step=%d"
            .formatted(encoded(query), from, to, step.toSeconds()))
        .get("result");
  }

  /** The names of the alerts that fire now. */
  Set<String> firing() {
    Set<String> names = new TreeSet<>();
    for (JsonNode alert : ask("/api/v1/alerts").get("alerts")) {
      if (alert.get("state").asText().equals("firing")) {
        names.add(alert.at("/labels/alertname").asText());
      }
    }
    return names;
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode ask(String path) {
    try {
      HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
      JsonNode answer = JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
      assertThat(answer.at("/status").asText()).as("%s: %s", path, answer).isEqualTo("success");
      return answer.get("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8);
  }
}

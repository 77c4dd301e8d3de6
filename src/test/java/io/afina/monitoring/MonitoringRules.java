package io.afina.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code monitoring/} asks Prometheus for. */
final class MonitoringRules {

  private static final Path MONITORING = Path.of("monitoring");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A range such as {@code [5m]}, for how long an alert must hold, such as {@code for: 5m}, or how
   * long ago something was.
   */
  private static final Pattern DURATION = Pattern.compile("(\\[|for: |offset )(\\d+[smhd])\\b");

  /** The alerts that need minutes, or a system that has broken otherwise. */
  private static final Set<String> TAKE_LONG =
      Set.of(
          "AfinaBehind",
          "AfinaBrokerSilent",
          "AfinaDiskFull",
          "AfinaDrift",
          "AfinaDriftUnlearned",
          "AfinaHeapFull",
          "AfinaLearnsSlowly",
          "AfinaLearnsSlowlyForLong",
          "AfinaReviewWaits",
          "AfinaRolledBack",
          "AfinaSlow",
          "AfinaSlowForLong",
          "AfinaStreamThreadFailed",
          "AfinaUnanswered",
          "AfinaUnansweredForLong");

  private MonitoringRules() {}

  /** The rules of both files. */
  static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (String file : List.of("recording.yaml", "alerts.yaml")) {
      new YAMLMapper()
          .readTree(MONITORING.resolve("prometheus").resolve(file).toFile())
          .get("groups")
          .forEach(group -> group.get("rules").forEach(rules::add));
    }
    return rules;
  }

  /** The rules that are alerts. */
  static List<JsonNode> alerts() throws IOException {
    return rules().stream().filter(rule -> rule.has("alert")).toList();
  }

  /** The names of the alerts that take long to cause, or of the others. */
  static Set<String> alerts(boolean takeLong) throws IOException {
    return alerts().stream()
        .map(rule -> rule.get("alert").asText())
        .filter(name -> takeLong == TAKE_LONG.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The dashboards, in the order of their files' names. */
  static List<JsonNode> dashboards() throws IOException {
    List<JsonNode> dashboards = new ArrayList<>();
    try (Stream<Path> files = Files.list(MONITORING.resolve("grafana/dashboards"))) {
      for (Path file : files.sorted().toList()) {
        dashboards.add(JSON.readTree(file.toFile()));
      }
    }
    return dashboards;
  }

  /** A panel's query for all clusters and all instances. */
  static String filledIn(String query, String rateInterval) {
    return query
        .replace("$__rate_interval", rateInterval)
        .replace("$price", "0.05")
        .replace("$cluster", ".*")
        .replace("$instance", ".*");
  }

  /**
   * Writes the rule files, faster by a factor: every range and every time for which an alert must
   * hold is divided by it, to whole seconds; thresholds stay.
   */
  static List<Path> write(Path folder, int speed) throws IOException {
    List<Path> written = new ArrayList<>();
    for (String file : List.of("recording.yaml", "alerts.yaml")) {
      String rules = Files.readString(MONITORING.resolve("prometheus").resolve(file));
      String faster =
          DURATION
              .matcher(rules)
              .replaceAll(found -> found.group(1) + divided(found.group(2), speed) + "s");
      written.add(Files.writeString(folder.resolve(file), faster));
    }
    return written;
  }

  private static long divided(String duration, int speed) {
    String iso = (duration.endsWith("d") ? "P" : "PT") + duration.toUpperCase(Locale.ROOT);
    return Math.max(1, Duration.parse(iso).toSeconds() / speed);
  }
}

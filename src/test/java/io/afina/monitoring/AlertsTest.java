package io.afina.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The alerts of {@code monitoring/}: each fires for its cause in promtool, and has a runbook. */
class AlertsTest {

  private static final Path RULES = Path.of("monitoring", "prometheus");
  private static final Path TESTS = RULES.resolve("tests");

  @Test
  void shouldFireForWhatTheyAreThereForAndNotWithoutIt() throws Exception {
    Programs.require("promtool");
    Process promtool =
        new ProcessBuilder(
                "promtool", "test", "rules", "stream.yaml", "learning.yaml", "scaling.yaml")
            .directory(TESTS.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(output).isZero();
  }

  @Test
  void shouldEachBeTestedAndCausedAndHaveASectionInTheRunbook() throws IOException {
    String tested =
        Files.readString(TESTS.resolve("stream.yaml"))
            + Files.readString(TESTS.resolve("learning.yaml"));
    String runbook = Files.readString(Path.of("src/docs/runbook.md"));
    String caused = Files.readString(Path.of("src/docs/alerts.md"));
    assertThat(MonitoringRules.alerts())
        .isNotEmpty()
        .allSatisfy(
            alert -> {
              String name = alert.get("alert").asText();
              assertThat(tested).contains("alertname: " + name + "\n");
              assertThat(runbook).contains("## " + name + "\n");
              assertThat(caused).contains("| " + name + " |");
              assertThat(alert.at("/annotations/runbook").asText())
                  .endsWithIgnoringCase("#" + name);
            });
  }
}

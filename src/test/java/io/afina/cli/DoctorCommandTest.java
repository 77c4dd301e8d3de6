package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import io.afina.event.Json;
import io.afina.lifecycle.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DoctorCommandTest {

  private static final List<String> LOGGERS = List.of(Logger.ROOT_LOGGER_NAME, "kafka", "io.afina");

  private final StringWriter out = new StringWriter();
  private final Map<String, Optional<Level>> levels = new HashMap<>();

  @BeforeEach
  void rememberTheLevelsThatItSets() {
    LOGGERS.forEach(name -> levels.put(name, Optional.ofNullable(logger(name).getLevel())));
  }

  @AfterEach
  void setThemBack() {
    levels.forEach((name, level) -> logger(name).setLevel(level.orElse(null)));
  }

  @Test
  void shouldShowTheEnginesAndTryThem() {
    int exit = doctor("--set", "trainer.device=cpu");

    assertThat(exit).as(out.toString()).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("PyTorch +2\\.7\\.1, for CPU, /.+; devices: cpu.*"))
        .anyMatch(line -> line.matches("OnnxRuntime +1\\..+, for CPU, in its jar; devices: cpu.*"))
        .anyMatch(line -> line.matches("trainer.device +cpu is cpu: trains a head in .+ ms"))
        .anyMatch(
            line ->
                line.matches("backbone.device +auto is .+: loads bundled:small_res_112.onnx .+ ms"))
        .anyMatch(line -> line.matches(" +\\d+ cores, .+ GiB of memory, a heap of up to .+ GiB"));
  }

  @Test
  void shouldTryWhatTheConfigurationAsksFor() {
    int exit =
        doctor(
            "--json",
            "--backbone=bundled:small_res_112.pt",
            "--set=trainer.device=gpu:99",
            "--set=backbone.device=cpu");

    JsonNode report = Json.read(out.toString().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    assertThat(exit).isEqualTo(ExitCode.DEVICE.code());
    assertThat(report.at("/training/failure").asText()).startsWith("trainer.device is gpu:99");
    assertThat(report.at("/training/exitCode").asText()).isEqualTo("DEVICE");
    assertThat(report.at("/embedding/device").asText()).isEqualTo("cpu");
    assertThat(report.at("/embedding/millis").asDouble()).isPositive();
    assertThat(report.at("/engines/0/report/version").asText()).isEqualTo("2.7.1");
    assertThat(report.at("/machine/cores").asInt())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void shouldEndAsTheRoleWouldWhenABackboneCannotBeUsed() {
    int exit = doctor("--backbone=nowhere.onnx");

    assertThat(exit).isEqualTo(ExitCode.BACKBONE.code());
    assertThat(out.toString()).contains("there is no file nowhere.onnx");
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  private int doctor(String... arguments) {
    String[] all = Stream.concat(Stream.of("doctor"), Stream.of(arguments)).toArray(String[]::new);
    return Afina.commandLine().setOut(new PrintWriter(out)).execute(all);
  }
}

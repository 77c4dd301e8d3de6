package io.afina.cli.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.cli.service.LocalServices;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BackboneCommandIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String OTHER = "bundled:small_res_112.pt";

  private final Closer closer = new Closer();
  private String servers;

  /** What a command said, and its exit code. */
  private record Said(int exit, String out, String err) {}

  @BeforeEach
  void start(@TempDir Path state) {
    TestBroker broker = closer.own(TestBroker.startFresh());
    servers = broker.bootstrapServers();
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", servers)
            .set("classifier.stateDir", state.toString())
            .set("classifier.threads", 1)
            .load();
    closer.own(new LocalServices(config, new SimpleMeterRegistry(), Traces.off(), swap -> {}));
    try (Replay replay = new Replay(config, new Replay.Pace(1, 0, 1))) {
      replay.stream(LabelledPicture.drawn(1, 40), true, score -> {});
      assertThat(replay.awaitLearned(PATIENCE)).isTrue();
    }
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldAskRunningClassifiersForABackboneAndSayWhoHasIt() throws Exception {
    // given
    assertThat(backbone("upgrade", "/nowhere/x.onnx").exit()).isEqualTo(ExitCode.BACKBONE.code());
    Said same = backbone("upgrade", "bundled:small_res_112.onnx");
    assertThat(same.exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(same.err()).contains("answers already");

    // when
    Said upgrade = backbone("upgrade", OTHER, "--wait");

    // then
    assertThat(upgrade.exit()).as(upgrade.err()).isZero();
    assertThat(upgrade.out()).contains("is wanted", "all classifiers have loaded it");
    JsonNode status = new JsonMapper().readTree(backbone("status", "--json").out());
    assertThat(status.get("members").asInt()).isOne();
    assertThat(status.get("backbones")).hasSize(2);
    assertThat(status.get("backbones"))
        .allSatisfy(stage -> assertThat(stage.get("notReady")).isEmpty());
    assertThat(status.get("backbones").findValuesAsText("address"))
        .containsExactlyInAnyOrder(OTHER, "bundled:small_res_112.onnx");
    assertThat(backbone("status").out()).contains("small_res_112", "1 of 1");
  }

  private Said backbone(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine afina =
        Afina.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exit =
        afina.execute(
            Stream.of(Stream.of("backbone"), Stream.of(arguments), Stream.of("-b", servers))
                .flatMap(all -> all)
                .toArray(String[]::new));
    return new Said(exit, out.toString(), err.toString());
  }
}

package io.afina.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.InvalidConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ClusterOptionsTest {

  @TempDir Path folder;

  @Test
  void shouldStartFromTheDefaults() {
    assertThat(parse().config().kafka().getOrDefault("bootstrap.servers", ""))
        .isEqualTo("localhost:9092");
  }

  @Test
  void shouldLetLaterWinOverEarlier() throws Exception {
    // given
    Path yaml =
        Files.writeString(
            folder.resolve("afina.yaml"),
            """
            kafka: {bootstrap.servers: 'file:1', client.id: file, client.rack: file}
            trainer: {seed: 1, hidden: 1}
            """);
    Path properties =
        Files.writeString(
            folder.resolve("client.properties"),
            "bootstrap.servers=properties:1\nclient.id=properties\n");

    // when
    ClusterOptions options =
        parse(
            "--set",
            "trainer.seed=2",
            "--set=kafka.bootstrap.servers=set:1",
            "--command-config=" + properties,
            "--config=" + yaml,
            "--bootstrap-servers",
            "option:1");

    // then
    assertThat(options.config().trainer().seed()).isEqualTo(2);
    assertThat(options.config().trainer().hidden()).isEqualTo(1);
    assertThat(options.kafka())
        .containsEntry("bootstrap.servers", "option:1")
        .containsEntry("client.id", "properties")
        .containsEntry("client.rack", "file");
  }

  @Test
  void shouldKeepAnEqualsSignInAValue() {
    assertThat(parse("--set", "kafka.sasl.jaas.config=module required user=\"a\";").kafka())
        .containsEntry("sasl.jaas.config", "module required user=\"a\";");
  }

  @Test
  void shouldRefuseAKeyThatAfinaManagesItself() {
    assertThatThrownBy(() -> parse("--set", "kafka.group.id=mine").config())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("kafka.group.id");
  }

  private static ClusterOptions parse(String... args) {
    Probe probe = new Probe();
    new CommandLine(probe).parseArgs(args);
    return probe.cluster;
  }

  @Command(name = "probe")
  private static final class Probe {
    @Mixin private ClusterOptions cluster;
  }
}

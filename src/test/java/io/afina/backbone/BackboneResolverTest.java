package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.backbone.card.BackboneEngine;
import io.afina.config.BackboneConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackboneResolverTest {

  private static final BackboneConfig DEFAULTS = ConfigLoader.defaults().load().backbone();

  @TempDir Path folder;
  private BackboneResolver backbones;

  @BeforeEach
  void unpackToAFolderOfOurOwn() {
    backbones = new BackboneResolver(new BundledBackbones(folder), DEFAULTS);
  }

  @Test
  void shouldTakeTheBundledOneWhenNothingIsSaid() {
    Backbone backbone = backbones.resolve(null);
    assertThat(backbone.file()).isEqualTo(backbones.resolve("bundled:small_res_112.onnx").file());
    assertThat(backbone.card().engine()).isEqualTo(BackboneEngine.ONNX_RUNTIME);
    assertThat(backbone.id()).isEqualTo(backbone.card().sha256());
    assertThat(backbone.file()).isRegularFile();
  }

  @Test
  void shouldUnpackOnceAndLeaveNothingElseBehind() throws Exception {
    Path file = backbones.resolve("bundled:small_res_112.pt").file();
    var unpacked = Files.getLastModifiedTime(file);
    backbones.resolve("bundled:small_res_112.pt");
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(unpacked);
    try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void shouldUnpackAgainWhatIsDamaged() throws Exception {
    Path file = backbones.resolve(null).file();
    Files.writeString(file, "something else");
    assertThat(Backbone.sha256(backbones.resolve(null).file()))
        .isEqualTo(backbones.resolve(null).id());
  }

  @Test
  void shouldSayWhyItCannotUnpack() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefused(
        new BackboneResolver(new BundledBackbones(file), DEFAULTS),
        null,
        "cannot unpack the backbone");
  }

  @Test
  void shouldTakeAFileWithItsCard() throws Exception {
    Path file = copied("small_res_112.pt", "mine.pt");
    Backbone backbone = backbones.resolve(file.toString());
    assertThat(backbone.file()).isEqualTo(file);
    assertThat(backbone.card().name()).isEqualTo("small_res_112");
  }

  @Test
  void shouldRefuseAFileThatIsNotTheOneOnTheCard() throws Exception {
    Path file = copied("small_res_112.pt", "mine.pt");
    Files.writeString(file, "another network");
    assertRefused(backbones, file.toString(), "take the file that belongs to the card");
  }

  @Test
  void shouldRefuseACardOfAnotherEngine() throws Exception {
    Path file = copied("small_res_112.pt", "mine.onnx");
    assertRefused(backbones, file.toString(), "correct the card's engine");
  }

  @Test
  void shouldRefuseAFileWithoutACard() throws Exception {
    Path file = Files.writeString(folder.resolve("alone.pt"), "");
    assertRefused(backbones, file.toString(), "alone.pt.json, the card of the backbone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere.pt", "bundled:nothing.pt", "bundled:../secret.pt", "x.h5", ""})
  void shouldRefuseWhatIsNotThere(String address) {
    assertRefused(backbones, address, address);
  }

  /** With a network the zoo has no such thing, without one it cannot be reached. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "djl://ai.djl.pytorch/resnet/9.9.9/none",
        "djl://no.such.group/network/1",
        "djl://half"
      })
  void shouldNameTheTwoWaysOnWhenTheZooDoesNotHelp(String address) {
    assertRefused(backbones, address, address);
    assertRefused(backbones, address, "take a file with --backbone FILE, or leave --backbone out");
  }

  private Path copied(String bundled, String name) throws Exception {
    Path source = backbones.resolve("bundled:" + bundled).file();
    Path file = Files.copy(source, folder.resolve(name));
    try (var card =
        BackboneResolverTest.class.getResourceAsStream("/backbones/" + bundled + ".json")) {
      Files.write(Path.of(file + ".json"), java.util.Objects.requireNonNull(card).readAllBytes());
    }
    return file;
  }

  private static void assertRefused(
      BackboneResolver backbones, @org.jspecify.annotations.Nullable String address, String part) {
    assertThatThrownBy(() -> backbones.resolve(address))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BACKBONE))
        .hasMessageContaining(part);
  }
}

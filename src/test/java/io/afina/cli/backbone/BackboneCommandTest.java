package io.afina.cli.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.afina.Shared;
import io.afina.backbone.BackboneResolver;
import io.afina.cli.Afina;
import io.afina.demo.DrawnPicture;
import io.afina.demo.DrawnPictures;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BackboneCommandTest {

  private static final String BUNDLED = "bundled:small_res_112.onnx";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldShowAndWriteTheCardThatAModelHubSays() throws Exception {
    Path file = network();
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        """
        { "size": 128, "crop_size": 112, "feature_extractor_type": "CLIPFeatureExtractor",
          "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5] }
        """);
    Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\n---\n");
    assertThat(run("backbone", "card", "--write", folder.toString())).isZero();
    assertThat(out.toString()).contains("\"licence\" : \"mit\"", "\"embeddingSize\" : 512");
    assertThat(Path.of(file + ".json")).content().isEqualTo(out.toString());
    assertThat(run("backbone", "card", "--write", file.toString()))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).contains("there is a card already");
  }

  @Test
  void shouldSayWhichNetworksAFolderHolds() {
    assertThat(run("backbone", "card", folder.toString())).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(err.toString()).contains("holds no .onnx or .pt file");
    assertThat(run("backbone")).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void shouldFindNothingWrongWithTheBundledOne() {
    assertThat(run("backbone", "check", BUNDLED)).isZero();
    assertThat(out.toString()).contains("512 numbers", "in a batch as alone", "nothing is wrong");
  }

  @Test
  void shouldCompareWithAReference() throws Exception {
    Path shared = Shared.require("backbones/mobilenet_v2");
    String reference = shared.resolve("parity.json").toString();
    assertThat(
            run(
                "backbone",
                "check",
                "--json",
                "--reference",
                reference,
                shared.resolve("mobilenet_v2.onnx").toString()))
        .isZero();
    JsonNode check = new ObjectMapper().readTree(out.toString());
    assertThat(check.path("referenceCosine").doubleValue()).isGreaterThan(0.98);
    assertThat(run("backbone", "check", "--reference", reference, BUNDLED))
        .isEqualTo(ExitCode.BACKBONE.code());
    assertThat(out.toString()).contains("it gives 512 numbers and the reference has 1280");
  }

  @Test
  void shouldCompareBackbonesOnDrawnPictures() throws Exception {
    draw(60);
    Path page = folder.resolve("page.html");
    assertThat(
            run(
                "backbone",
                "compare",
                BUNDLED,
                "bundled:small_res_112.pt",
                "--most=50",
                "--pictures=" + folder.resolve("drawn"),
                "--html=" + page))
        .isZero();
    assertThat(out.toString())
        .contains("50 of 60 pictures, 10 labels", "Apache-2.0", "1: ", "take bundled:small_res");
    assertThat(page).content().contains("renderer: 'svg'", BUNDLED, "fewExamples");
  }

  @Test
  void shouldSayWhatTheFolderMustHold() throws Exception {
    Files.createDirectories(folder.resolve("drawn/only"));
    Files.writeString(folder.resolve("drawn/only/one.jpg"), "no picture");
    assertThat(run("backbone", "compare", BUNDLED, "--pictures=" + folder.resolve("drawn")))
        .isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(err.toString()).contains("1 labels, of which fewer than two have two pictures");
  }

  /** What a person would take: MobileNetV2, and the faster of its two forms if they are as good. */
  @Tag("nightly")
  @ParameterizedTest
  @CsvSource({"hymenoptera/train, 0.9", "small10/train, 0.55"})
  void shouldPickWhatAPersonWould(String pictures, double least) throws Exception {
    Path shared = Shared.require("backbones/mobilenet_v2");
    run(
        "backbone",
        "compare",
        "--json",
        "--pictures=" + Shared.require("photos/" + pictures),
        BUNDLED,
        shared.resolve("mobilenet_v2.onnx").toString(),
        shared.resolve("mobilenet_v2.int8.onnx").toString());
    JsonNode comparison = new ObjectMapper().readTree(out.toString());
    assertThat(comparison.path("choice").path("index").intValue()).isPositive();
    JsonNode accuracy = comparison.path("results").path(1).path("accuracy");
    assertThat(accuracy.path("right").doubleValue() / accuracy.path("total").doubleValue())
        .isGreaterThan(least);
  }

  private Path network() throws IOException {
    return Files.copy(new BackboneResolver().resolve(BUNDLED).file(), folder.resolve("model.onnx"));
  }

  private void draw(int count) throws IOException {
    DrawnPictures drawing = new DrawnPictures(3);
    for (int n = 0; n < count; n++) {
      DrawnPicture picture = drawing.draw(n);
      Path label = folder.resolve("drawn").resolve(picture.label());
      Files.createDirectories(label);
      Files.write(label.resolve(n + ".jpg"), picture.jpeg());
    }
  }

  private int run(String... words) {
    CommandLine afina = Afina.commandLine();
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return afina.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(words);
  }
}

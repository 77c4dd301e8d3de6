package io.afina.backbone.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.lifecycle.AfinaException;
import io.afina.picture.tensor.PictureInput.Colours;
import io.afina.picture.tensor.ResizeFilter;
import io.afina.picture.tensor.ResizeRule;
import io.afina.picture.tensor.ResizeRule.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HubCardTest {

  private static final String MEAN_AND_STD =
      "\"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.25, 0.25, 0.25]";

  @TempDir Path folder;

  /** As the hub has them, shortened. */
  static Stream<Arguments> processors() {
    return Stream.of(
        Arguments.of(
            "google/vit-base-patch16-224",
            "\"do_resize\": true, \"size\": 224, \"resample\": 2, \"feature_extractor_type\": \"ViTFeatureExtractor\"",
            new ResizeRule(Mode.SQUASH, 224, ResizeFilter.BILINEAR, 224, 0)),
        Arguments.of(
            "openai/clip-vit-base-patch32",
            "\"do_center_crop\": true, \"crop_size\": 224, \"size\": 224, \"resample\": 3, \"feature_extractor_type\": \"CLIPFeatureExtractor\"",
            new ResizeRule(Mode.SHORTER_SIDE, 224, ResizeFilter.BICUBIC, 224, 0)),
        Arguments.of(
            "facebook/dinov2-small",
            "\"do_center_crop\": true, \"crop_size\": {\"height\": 224, \"width\": 224}, \"size\": {\"shortest_edge\": 256}, \"resample\": 3",
            new ResizeRule(Mode.SHORTER_SIDE, 256, ResizeFilter.BICUBIC, 224, 0)),
        Arguments.of(
            "google/siglip-base-patch16-224",
            "\"size\": {\"height\": 224, \"width\": 224}, \"resample\": 3, \"do_center_crop\": null",
            new ResizeRule(Mode.SQUASH, 224, ResizeFilter.BICUBIC, 224, 0)),
        Arguments.of(
            "facebook/convnext-tiny-224",
            "\"crop_pct\": 0.875, \"size\": {\"shortest_edge\": 224}, \"resample\": 3",
            new ResizeRule(Mode.SHORTER_SIDE, 256, ResizeFilter.BICUBIC, 224, 0)),
        Arguments.of(
            "facebook/convnext-large-384",
            "\"crop_pct\": null, \"size\": {\"height\": 384, \"width\": 384}, \"resample\": 1",
            new ResizeRule(Mode.SQUASH, 384, ResizeFilter.LANCZOS, 384, 0)),
        Arguments.of(
            "padded",
            "\"size\": {\"longest_edge\": 320}, \"do_pad\": true, \"pad_size\": {\"height\": 336, \"width\": 336}",
            new ResizeRule(Mode.LONGER_SIDE, 320, ResizeFilter.BILINEAR, 336, 0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("processors")
  void shouldReadWhatAProcessorDoes(String name, String fields, ResizeRule rule) throws Exception {
    write("preprocessor_config.json", fields + ", " + MEAN_AND_STD);
    HubCard card = read();
    assertThat(card.input().resize()).isEqualTo(rule);
    assertThat(card.input().mean()).containsExactly(0.5f, 0.5f, 0.5f);
    assertThat(card.input().std()).containsExactly(0.25f, 0.25f, 0.25f);
  }

  @Test
  void shouldReadAnotherScaleAndOrderOfColours() throws Exception {
    write(
        "preprocessor_config.json",
        "\"size\": {\"shortest_edge\": 288}, \"crop_size\": {\"height\": 256, \"width\": 256}, \"do_flip_channel_order\": true, \"do_rescale\": false");
    assertThat(read().input().colours()).isEqualTo(Colours.BGR);
    assertThat(read().input().std()[0]).isEqualTo(1 / 255f);
    write(
        "preprocessor_config.json",
        "\"size\": 224, \"rescale_factor\": 0.00784313725490196, \"rescale_offset\": true, \"do_normalize\": false");
    assertThat(read().input().mean()).containsExactly(0.5f, 0.5f, 0.5f);
    assertThat(read().input().std()).containsExactly(0.5f, 0.5f, 0.5f);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'\"size\": {\"height\": 224, \"width\": 196}', 'size: it must be as high as wide'",
        "'\"size\": 224, \"resample\": 0', 'resample: it must be 1 (Lanczos)'",
        "'\"size\": {\"shortest_edge\": 224}', 'do_center_crop: it must be true'",
        "'\"size\": {\"shortest_edge\": 224}, \"crop_size\": 256', 'crop_size: it must be at most'",
        "'\"size\": 224, \"do_resize\": false', 'do_resize: it must be true'",
        "'\"size\": 224, \"do_normalize\": true', 'image_mean: it must be 3 numbers'",
        "'\"size\": {\"min_pixels\": 224}', 'size.height: it must be a whole number'"
      })
  void shouldRefuseWhatAfinaDoesNotDo(String fields, String part) throws Exception {
    write("preprocessor_config.json", fields);
    assertThatThrownBy(this::read)
        .isInstanceOf(AfinaException.class)
        .hasMessageContainingAll("preprocessor_config.json has ", part);
  }

  @Test
  void shouldReadWhatTimmSays() throws Exception {
    write(
        "config.json",
        "\"architecture\": \"resnet50\", \"pretrained_cfg\": {\"input_size\": [3, 224, 224], \"interpolation\": \"bicubic\", \"crop_pct\": 0.95, \"crop_mode\": \"center\", \"mean\": [0.485, 0.456, 0.406], \"std\": [0.229, 0.224, 0.225], \"license\": \"apache-2.0\"}");
    HubCard card = read();
    assertThat(card.name()).isEqualTo("resnet50");
    assertThat(card.licence()).isEqualTo("apache-2.0");
    assertThat(card.input().resize())
        .isEqualTo(new ResizeRule(Mode.SHORTER_SIDE, 235, ResizeFilter.BICUBIC, 224, 0));
    write(
        "config.json",
        "\"input_size\": [3, 224, 192], \"interpolation\": \"bicubic\", \"mean\": [0, 0, 0], \"std\": [1, 1, 1]");
    assertThatThrownBy(this::read).hasMessageContaining("input_size: it must be [3, N, N]");
  }

  @Test
  void shouldTakeTheLicenceFromTheReadmeAboveAFolderOfExports() throws Exception {
    write("preprocessor_config.json", "\"size\": 224");
    write("config.json", "\"model_type\": \"vit\", \"_name_or_path\": \"owner/name\"");
    Files.writeString(folder.resolve("README.md"), "---\nlicense: cc-by-4.0\n---\n# Model\n");
    HubCard card =
        HubCard.beside(Files.createDirectory(folder.resolve("onnx")).resolve("model.onnx"))
            .orElseThrow();
    assertThat(card.licence()).isEqualTo("cc-by-4.0");
    assertThat(card.name()).isEqualTo("owner/name");
    assertThat(card.family()).isEqualTo("vit");
  }

  @Test
  void shouldSayNothingWhereNothingIsSaid() throws Exception {
    assertThat(HubCard.beside(folder.resolve("model.onnx"))).isEmpty();
    write("config.json", "\"model_type\": \"bert\"");
    assertThat(HubCard.beside(folder.resolve("model.onnx"))).isEmpty();
  }

  private void write(String name, String fields) throws IOException {
    Files.writeString(folder.resolve(name), "{" + fields + "}");
  }

  private HubCard read() {
    return HubCard.beside(folder.resolve("model.onnx")).orElseThrow();
  }
}

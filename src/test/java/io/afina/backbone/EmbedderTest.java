package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.backbone.card.BackboneCard;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.Drawn;
import io.afina.picture.PictureDecoder;
import io.afina.picture.tensor.PictureTensor;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbedderTest {

  private static final String ONNX = "bundled:small_res_112.onnx";
  private static final String TORCH = "bundled:small_res_112.pt";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {ONNX, TORCH})
  void shouldGiveTheSameAloneAndInABatch(String address) throws Exception {
    try (BackboneModel model = model(address);
        Embedder embedder = model.newEmbedder()) {
      float[] one = picture(model, BufferedImage.TYPE_INT_RGB);
      float[] other = picture(model, BufferedImage.TYPE_BYTE_GRAY);
      float[][] batch = embedder.embed(List.of(one, other));
      assertThat(batch).hasDimensions(2, 512);
      assertThat(ParityTest.cosine(batch[0], embedder.embed(one))).isGreaterThan(0.9999);
      assertThat(ParityTest.cosine(batch[1], embedder.embed(other))).isGreaterThan(0.9999);
      assertThat(ParityTest.cosine(batch[0], batch[1])).isLessThan(0.99);
      assertThat(embedder.embed(List.of())).isEmpty();
    }
  }

  @Test
  void shouldGiveTheSameInBothEngines() throws Exception {
    try (BackboneModel onnx = model(ONNX);
        BackboneModel torch = model(TORCH);
        Embedder a = onnx.newEmbedder();
        Embedder b = torch.newEmbedder()) {
      float[] picture = picture(onnx, BufferedImage.TYPE_INT_RGB);
      assertThat(ParityTest.cosine(a.embed(picture), b.embed(picture))).isGreaterThan(0.9999);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ONNX, TORCH})
  void shouldShareOneModelAmongThreads(String address) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (BackboneModel model = model(address)) {
      float[] picture = picture(model, BufferedImage.TYPE_INT_RGB);
      List<Future<float[]>> embeddings = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        embeddings.add(threads.submit(() -> embedOften(model, picture)));
      }
      for (Future<float[]> embedding : embeddings) {
        assertThat(embedding.get()).isEqualTo(embeddings.get(0).get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ONNX, TORCH})
  void shouldRefuseNumbersThatAreNone(String address) {
    try (BackboneModel model = model(address);
        Embedder embedder = model.newEmbedder()) {
      float[] picture = new float[3 * 112 * 112];
      Arrays.fill(picture, Float.NaN);
      assertThatThrownBy(() -> embedder.embed(picture))
          .isInstanceOf(EngineFailureException.class)
          .hasMessageContaining("NaN");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ONNX, TORCH})
  void shouldRefuseACardThatPromisesAnotherSize(String address) {
    Backbone backbone = new BackboneResolver().resolve(address);
    BackboneCard card = backbone.card();
    Backbone wrong =
        new Backbone(
            backbone.file(),
            new BackboneCard(
                card.name(),
                card.engine(),
                card.licence(),
                card.input(),
                card.output(),
                1280,
                card.sha256()),
            backbone.id());
    assertThatThrownBy(() -> BackboneModel.load(wrong, 1, "auto"))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("gives 512 numbers and its card says 1280");
  }

  @ParameterizedTest
  @ValueSource(strings = {ONNX, TORCH})
  void shouldRefuseADamagedFile(String address) throws Exception {
    Backbone whole = new BackboneResolver().resolve(address);
    Path file = folder.resolve(whole.file().getFileName());
    Files.write(file, Arrays.copyOf(Files.readAllBytes(whole.file()), 1_000_000));
    assertThatThrownBy(() -> BackboneModel.load(new Backbone(file, whole.card(), "id"), 1, "auto"))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("cannot load the backbone " + file)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {ONNX, TORCH})
  void shouldRunWhereItIsTold(String address) {
    Backbone backbone = new BackboneResolver().resolve(address);
    try (BackboneModel model = BackboneModel.load(backbone, 1, "cpu")) {
      assertThat(model.device()).isEqualTo("cpu");
    }
    assertThatThrownBy(() -> BackboneModel.load(backbone, 1, "gpu:99"))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEVICE))
        .hasMessageContaining("backbone.device is gpu:99")
        .hasMessageContaining("set it to auto or cpu");
  }

  @ParameterizedTest
  @ValueSource(strings = {ONNX, TORCH})
  void shouldTakeAPictureFromWhereTheDecoderPutIt(String address) throws Exception {
    try (BackboneModel model = model(address);
        Embedder embedder = model.newEmbedder()) {
      PictureDecoder decoder =
          new PictureDecoder(
              ConfigLoader.defaults()
                  .set("pictures.maxBytes", 1_000_000)
                  .set("pictures.maxPixels", 1_000_000)
                  .load()
                  .pictures(),
              model.backbone().card().input());
      for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
        PictureTensor tensor =
            decoder.decodeToTensor(Drawn.encoded(Drawn.quarters(200, 160, type), "png"), null);
        assertThat(embedder.embed(tensor)).isEqualTo(embedder.embed(tensor.toArray()));
      }
    }
  }

  private static float[] embedOften(BackboneModel model, float[] picture) {
    try (Embedder embedder = model.newEmbedder()) {
      for (int i = 0; i < 20; i++) {
        embedder.embed(picture);
      }
      return embedder.embed(picture);
    }
  }

  private static BackboneModel model(String address) {
    return BackboneModel.load(new BackboneResolver().resolve(address), 1, "auto");
  }

  private static float[] picture(BackboneModel model, int type) throws Exception {
    return new PictureDecoder(
            ConfigLoader.defaults()
                .set("pictures.maxBytes", 1_000_000)
                .set("pictures.maxPixels", 1_000_000)
                .load()
                .pictures(),
            model.backbone().card().input())
        .decode(Drawn.encoded(Drawn.quarters(200, 160, type), "png"), null);
  }
}

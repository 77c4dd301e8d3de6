package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.afina.Shared;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.picture.PictureDecoder;
import io.afina.picture.tensor.PictureInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same pictures through another implementation, PIL and ONNX Runtime in Python. */
class ParityTest {

  private static final int SIDE = 224;

  private static final AfinaConfig CONFIG = ConfigLoader.defaults().load();

  record Expected(String photo, float[] embedding) {}

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet_v2.onnx", "mobilenet_v2.pt", "mobilenet_v2.int8.onnx"})
  void shouldGiveTheEmbeddingsOfAnIndependentImplementation(String file) throws Exception {
    Path address = Shared.require("backbones/mobilenet_v2/" + file);
    Backbone backbone = new BackboneResolver().resolve(address.toString());
    PictureDecoder decoder = new PictureDecoder(CONFIG.pictures(), backbone.card().input());
    try (BackboneModel model = BackboneModel.load(backbone, 1, "auto");
        Embedder embedder = model.newEmbedder()) {
      for (Expected expected : expected()) {
        byte[] picture = Files.readAllBytes(Shared.require(expected.photo()));
        float[] embedding = embedder.embed(decoder.decode(picture, "image/jpeg"));
        assertThat(cosine(embedding, expected.embedding()))
            .as(expected.photo())
            .isGreaterThan(0.98);
      }
    }
  }

  static Set<String> rules() {
    return PillowSquare.RULES.keySet();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldGiveTheEmbeddingsOfPillowsSquares(String rule) throws Exception {
    String address = Shared.require("backbones/mobilenet_v2/mobilenet_v2.onnx").toString();
    Backbone backbone = new BackboneResolver().resolve(address);
    PictureInput input =
        new PictureInput(
            PillowSquare.rule(rule), new float[] {.5f, .5f, .5f}, new float[] {.5f, .5f, .5f});
    PictureDecoder decoder = new PictureDecoder(CONFIG.pictures(), input);
    try (BackboneModel model = BackboneModel.load(backbone, 1, "auto");
        Embedder embedder = model.newEmbedder()) {
      for (String picture : PillowSquare.PICTURES) {
        PillowSquare square = PillowSquare.read(rule, picture);
        float[] tensor =
            decoder.decode(
                Files.readAllBytes(Shared.require("photos/bench/" + picture + ".jpg")), null);
        assertThat(
                cosine(
                    embedder.embed(centre(tensor, input.side())),
                    embedder.embed(centre(numbers(square), input.side()))))
            .as(picture)
            .isGreaterThan(0.999);
      }
    }
  }

  private static float[] numbers(PillowSquare square) {
    int side = square.side();
    float[] numbers = new float[3 * side * side];
    for (int i = 0; i < numbers.length; i++) {
      int colour = square.colour(i / (side * side), i % side, i / side % side);
      numbers[i] = colour / 127.5f - 1;
    }
    return numbers;
  }

  /** What the network takes of a larger square. */
  private static float[] centre(float[] tensor, int side) {
    float[] centre = new float[3 * SIDE * SIDE];
    int corner = (side - SIDE) / 2;
    for (int i = 0; i < centre.length; i++) {
      int y = i / SIDE % SIDE + corner;
      centre[i] = tensor[(i / (SIDE * SIDE) * side + y) * side + i % SIDE + corner];
    }
    return centre;
  }

  private static List<Expected> expected() throws Exception {
    return new ObjectMapper()
        .readValue(
            Shared.require("backbones/mobilenet_v2/parity.json").toFile(),
            new TypeReference<>() {});
  }

  static double cosine(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}

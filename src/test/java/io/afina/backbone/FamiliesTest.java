package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.Shared;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.picture.PictureDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Networks of five families, with random weights, beside the same arithmetic in plain Java on what
 * Pillow makes of the pictures.
 */
class FamiliesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void shouldGiveTheEmbeddingsOfTheReference(Family family) throws Exception {
    Path file = family.write(folder.resolve("network.onnx"));
    for (String picture : PillowSquare.PICTURES) {
      float[] embedding = embedding(file, picture);
      float[] expected = family.expected(PillowSquare.read(family.rule, picture));
      assertThat(ParityTest.cosine(embedding, expected)).as(picture).isGreaterThan(0.999);
      assertThat(length(embedding) / length(expected)).as(picture).isBetween(0.99, 1.01);
    }
  }

  @Test
  void shouldNotGiveThemWithTheColoursTheOtherWayRound() throws Exception {
    Path file = Family.CHANNELS_LAST.write(folder.resolve("network.onnx"));
    replace(file, "BGR", "RGB");
    float[] expected =
        Family.CHANNELS_LAST.expected(
            PillowSquare.read(Family.CHANNELS_LAST.rule, PillowSquare.PICTURES.get(0)));
    assertThat(ParityTest.cosine(embedding(file, PillowSquare.PICTURES.get(0)), expected))
        .isLessThan(0.99);
  }

  @Test
  void shouldAskWhichOfSeveralOutputsIsTheEmbedding() throws Exception {
    Path file = Family.PADDED.write(folder.resolve("network.onnx"));
    replace(file, "\"name\": \"features\",", "");
    assertThatThrownBy(() -> embedding(file, PillowSquare.PICTURES.get(0)))
        .isInstanceOf(AfinaException.class)
        .hasMessageContainingAll(
            "it gives 2 outputs, features [1, 16, 14, 14], scores [1, 16]", "write output.name");
    replace(file, "\"pooling\"", "\"name\": \"feature\", \"pooling\"");
    assertThatThrownBy(() -> embedding(file, PillowSquare.PICTURES.get(0)))
        .hasMessageContainingAll("it has no output feature, only features", "correct the card");
  }

  @Test
  void shouldAskHowTokensBecomeAVector() throws Exception {
    Path file = Family.TRANSFORMER.write(folder.resolve("network.onnx"));
    replace(file, "\"pooling\": \"cls\"", "");
    assertThatThrownBy(() -> embedding(file, PillowSquare.PICTURES.get(0)))
        .hasMessageContainingAll("[197, 16]", "write output.pooling", "cls, mean, gem or none");
  }

  private static void replace(Path file, String right, String wrong) throws IOException {
    Path card = Path.of(file + ".json");
    assertThat(Files.readString(card)).contains(right);
    Files.writeString(card, Files.readString(card).replace(right, wrong));
  }

  private static float[] embedding(Path file, String picture) throws Exception {
    Backbone backbone = new BackboneResolver().resolve(file.toString());
    PictureDecoder decoder =
        new PictureDecoder(ConfigLoader.defaults().load().pictures(), backbone.card().input());
    byte[] photograph = Files.readAllBytes(Shared.require("photos/bench/" + picture + ".jpg"));
    try (BackboneModel model = BackboneModel.load(backbone, 1, "cpu");
        Embedder embedder = model.newEmbedder()) {
      float[] tensor = decoder.decode(photograph, null);
      float[] embedding = embedder.embed(tensor);
      float[][] batch = embedder.embed(Stream.of(new float[tensor.length], tensor).toList());
      assertThat(ParityTest.cosine(batch[1], embedding)).isGreaterThan(0.9999);
      return embedding;
    }
  }

  private static double length(float[] vector) {
    double[] numbers = new double[vector.length];
    Arrays.setAll(numbers, i -> vector[i]);
    return Math.sqrt(Arrays.stream(numbers).map(n -> n * n).sum());
  }
}

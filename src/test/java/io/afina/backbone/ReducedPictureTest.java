package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Shared;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import io.afina.picture.PictureReduction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What backbones make of kept pictures, beside what they make of the pictures themselves. */
class ReducedPictureTest {

  private static final AfinaConfig CONFIG = ConfigLoader.defaults().load();

  private final PictureReduction reduction = new PictureReduction(CONFIG.pictures());

  @ParameterizedTest
  @ValueSource(strings = {"bundled/small_res_112.onnx", "mobilenet_v2/mobilenet_v2.onnx"})
  void shouldEmbedACopyNearlyLikeThePicture(String backbone) throws Exception {
    // given
    Path file = Shared.require("backbones").resolve(backbone);
    double sum = 0;
    double least = 1;
    List<Path> photos = photos();
    try (Closer closer = new Closer()) {
      BackboneModel model =
          closer.own(BackboneModel.load(new BackboneResolver().resolve(file.toString()), 1, "cpu"));
      PictureEmbedder embedder =
          closer.own(
              new DecodingEmbedder(CONFIG, model, new BatchMeters(new SimpleMeterRegistry())));

      // when
      for (Path photo : photos) {
        byte[] picture = Files.readAllBytes(photo);
        double cosine =
            ParityTest.cosine(
                embedder.embed(picture, null).embedding().values(),
                embedder.embed(reduction.reduce(picture), null).embedding().values());
        sum += cosine;
        least = Math.min(least, cosine);
      }
    }

    // then
    System.out.printf("%s: cosine %.4f, at least %.4f%n", backbone, sum / photos.size(), least);
    assertThat(sum / photos.size()).isGreaterThanOrEqualTo(0.99);
    assertThat(least).isGreaterThan(0.95);
  }

  @Test
  void shouldMakeCopiesThatAreHalfAsLargeAtMost() throws Exception {
    // given
    long bytes = 0;
    List<Path> photos = photos();

    // when
    for (Path photo : photos) {
      bytes += reduction.reduce(Files.readAllBytes(photo)).length;
    }

    // then
    System.out.printf("copies have %,d bytes%n", bytes / photos.size());
    assertThat(bytes / photos.size()).isBetween(20_000L, 60_000L);
  }

  private static List<Path> photos() throws Exception {
    try (Stream<Path> files = Files.list(Shared.require("photos/bench"))) {
      return files.filter(file -> file.toString().endsWith(".jpg")).toList();
    }
  }
}

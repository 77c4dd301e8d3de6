package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Shared;
import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.Embedder;
import io.afina.config.ConfigLoader;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.HeadRecipe;
import io.afina.picture.PictureDecoder;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadRace;
import io.afina.trainer.fit.HeadTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ants and bees: photographs, real weights, and the figure that scikit-learn reaches on the same
 * embeddings, 96.7 %.
 */
class HymenopteraTest {

  @ParameterizedTest
  @CsvSource({
    "mobilenet_v2/mobilenet_v2.onnx, 96.0",
    "mobilenet_v2/mobilenet_v2.pt, 96.0",
    "mobilenet_v2/mobilenet_v2.int8.onnx, 96.0",
    "bundled/small_res_112.onnx, 83.0"
  })
  void shouldTellAntsFromBees(String backbone, double percent) throws Exception {
    // given
    Path file = Shared.require("backbones/" + backbone);
    Dataset dataset = new Dataset();
    try (BackboneModel model =
            BackboneModel.load(new BackboneResolver().resolve(file.toString()), 1, "auto");
        Embedder embedder = model.newEmbedder()) {
      PictureDecoder decoder =
          new PictureDecoder(
              ConfigLoader.defaults().load().pictures(), model.backbone().card().input());
      for (Path photo : photos("train")) {
        dataset.apply(
            photo.getFileName().toString(), example(photo, decoder, embedder), 0, dataset.size());
      }

      // when
      ExampleSet data = dataset.examples(3).orElseThrow();
      Head head = train(data);

      // then
      List<Path> unseen = photos("val");
      int correct = 0;
      for (Path photo : unseen) {
        TrainingExample known = example(photo, decoder, embedder);
        String predicted = head.score(known.embedding().values()).top(1).get(0).label();
        correct += predicted.equals(known.label()) ? 1 : 0;
      }
      assertThat(unseen).hasSize(153);
      assertThat(100.0 * correct / unseen.size()).isGreaterThanOrEqualTo(percent);
    }
  }

  /** By the recipe that wins. */
  private static Head train(ExampleSet data) {
    HeadTraining training = new HeadTraining(1024, 17);
    HeadRecipe winner =
        HeadRace.run(training, training.recipes(data, Optional.empty()), data).winner();
    return BenchSets.head(data, training.train(winner, data, Optional.empty(), Optional.empty()));
  }

  private static List<Path> photos(String part) throws Exception {
    try (Stream<Path> files = Files.walk(Shared.require("photos/hymenoptera/" + part))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static TrainingExample example(Path photo, PictureDecoder decoder, Embedder embedder)
      throws Exception {
    float[] values = embedder.embed(decoder.decode(Files.readAllBytes(photo), null));
    String label = photo.getName(photo.getNameCount() - 2).toString();
    return new TrainingExample(
        label, null, Instant.EPOCH, new Embedding(embedder.backbone().id(), values));
  }
}

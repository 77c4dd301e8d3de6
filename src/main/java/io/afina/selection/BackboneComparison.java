package io.afina.selection;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.Embedder;
import io.afina.backbone.card.BackboneEngine;
import io.afina.config.AfinaConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.model.WilsonInterval;
import io.afina.picture.tensor.PictureTensor;
import io.afina.selection.BackboneResult.FewExamples;
import io.afina.selection.HeadTrials.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares backbones on labelled pictures: what the trainer's heads make of their embeddings, and
 * what they cost.
 *
 * @param pictures that took part
 * @param available how many there were
 * @param labels how many
 * @param results in the order in which the backbones were given
 * @param choice one of them
 * @param seconds that all of it took
 */
public record BackboneComparison(
    int pictures,
    int available,
    int labels,
    List<BackboneResult> results,
    BackboneChoice choice,
    double seconds) {

  private static final double MEGA = 1e6;

  /** Told of the progress. */
  public interface Progress {

    /** A backbone begins. */
    void begins(String address, int pictures);

    /** A picture is embedded. */
    void embedded();
  }

  /**
   * Compares.
   *
   * @param addresses of backbones
   * @param folder with a folder a label
   * @param most pictures at most, of each label alike
   * @throws AfinaException when a backbone or the folder cannot be used
   */
  public static BackboneComparison run(
      AfinaConfig config, List<String> addresses, Path folder, int most, Progress progress) {
    long start = System.nanoTime();
    PictureSample sample = PictureSample.of(folder, most, config.trainer().seed());
    HeadTrials trials = new HeadTrials(config.trainer());
    trials.warmUp();
    List<BackboneResult> results = new ArrayList<>();
    List<Set<String>> right = new ArrayList<>();
    try (Closer closer = new Closer()) {
      List<Loaded> loaded = load(config, addresses, closer);
      for (int n = 0; n < loaded.size(); n++) {
        progress.begins(addresses.get(n), sample.pictures().size());
        EmbeddedPictures embedded =
            EmbeddedPictures.of(
                loaded.get(n).model, config.pictures(), sample.pictures(), progress::embedded);
        Outcome outcome = trials.crossValidated(embedded.examples());
        right.add(outcome.right());
        results.add(
            result(
                addresses.get(n),
                loaded.get(n),
                embedded,
                outcome,
                trials.fewExamples(embedded.examples())));
      }
    }
    int labels = (int) sample.pictures().stream().map(p -> p.label()).distinct().count();
    return new BackboneComparison(
        sample.pictures().size(),
        sample.all(),
        labels,
        results,
        BackboneChoice.of(results, right),
        (System.nanoTime() - start) / 1e9);
  }

  /** A loaded backbone, and by how many bytes the process grew. */
  private record Loaded(BackboneModel model, @Nullable Double megabytes) {}

  /** All at once, none closed, so that none takes the memory that another gave back. */
  private static List<Loaded> load(AfinaConfig config, List<String> addresses, Closer closer) {
    BackboneResolver resolver = new BackboneResolver(config.backbone());
    List<Backbone> backbones = addresses.stream().map(resolver::resolve).toList();
    // An engine takes memory of its own when it is first used: that is no backbone's.
    Set<BackboneEngine> started = EnumSet.noneOf(BackboneEngine.class);
    for (Backbone backbone : backbones) {
      if (started.add(backbone.card().engine())) {
        embedOnce(closer.own(model(config, backbone)));
      }
    }
    List<Loaded> loaded = new ArrayList<>();
    for (Backbone backbone : backbones) {
      OptionalLong before = ResidentMemory.bytes();
      BackboneModel model = closer.own(model(config, backbone));
      embedOnce(model);
      OptionalLong after = ResidentMemory.bytes();
      loaded.add(
          new Loaded(
              model,
              before.isPresent() && after.isPresent()
                  ? Math.max(0, after.getAsLong() - before.getAsLong()) / MEGA
                  : null));
    }
    return loaded;
  }

  private static void embedOnce(BackboneModel model) {
    try (Embedder embedder = model.newEmbedder()) {
      embedder.embed(new PictureTensor(model.backbone().card().input()));
    }
  }

  private static BackboneModel model(AfinaConfig config, Backbone backbone) {
    return BackboneModel.load(
        backbone, config.backbone().engineThreads(), config.backbone().device());
  }

  private static BackboneResult result(
      String address,
      Loaded loaded,
      EmbeddedPictures embedded,
      Outcome outcome,
      List<FewExamples> fewExamples) {
    Backbone backbone = loaded.model.backbone();
    return new BackboneResult(
        address,
        backbone.card().name(),
        backbone.card().licence(),
        backbone.card().embeddingSize(),
        backbone.file().toFile().length() / MEGA,
        loaded.megabytes,
        embedded.picturesPerSecond(),
        WilsonInterval.of(outcome.right().size(), embedded.examples().size()),
        outcome.recipe().text(),
        fewExamples,
        embedded.unusable());
  }
}

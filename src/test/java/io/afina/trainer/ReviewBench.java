package io.afina.trainer;

import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.Embedder;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.demo.DrawnPictures;
import io.afina.model.Head;
import io.afina.model.HeadRecipe;
import io.afina.picture.PictureDecoder;
import io.afina.review.ReviewSampler;
import io.afina.review.ScoredImage;
import io.afina.trainer.BenchSets.Sample;
import io.afina.trainer.ReviewStrategies.Choice;
import io.afina.trainer.ReviewStrategies.Strategy;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadRace;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.WarmStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Measures what the review queue saves, run by hand ({@code src/docs/benchmarks.md} says how): a
 * stream passes, its sampler are answered a few at a time as the labelling page orders them, and a
 * head is trained and judged after each few, as the trainer does; beside it people label just any
 * picture. Writes both curves as a chart.
 */
final class ReviewBench {

  /** Labels between two heads. */
  static final int LABELS = 4;

  private static final int SEEDS = Integer.getInteger("afina.seeds", 20);
  private static final double ENOUGH = 0.95;

  /** One sampler stands for those of all partitions, each of which asks about its first images. */
  private static final int PARTITIONS = 12;

  private final AfinaConfig config =
      ConfigLoader.defaults()
          .set("review.first", PARTITIONS * ConfigLoader.defaults().load().review().first())
          .load();
  private final HeadTraining training =
      new HeadTraining(config.trainer().hidden(), config.trainer().seed());
  private final StringBuilder charts = new StringBuilder();

  /** A stream of pictures, and those that heads are evaluated on. */
  record Data(String name, List<Sample> pool, List<Sample> unseen, int most) {}

  /**
   * Runs it.
   *
   * @param args a backbone, two folders with a folder a label, and where the chart goes: {@code
   *     BACKBONE TRAIN TEST CHART}
   */
  public static void main(String[] args) throws Exception {
    ReviewBench bench = new ReviewBench();
    bench.training.warmUp();
    try (BackboneModel model =
            BackboneModel.load(new BackboneResolver().resolve(args[0]), 1, "auto");
        Embedder embedder = model.newEmbedder()) {
      PictureDecoder decoder =
          new PictureDecoder(bench.config.pictures(), model.backbone().card().input());
      Embed embed = picture -> embedder.embed(decoder.decode(picture, null));
      bench.compare(new Data("photographs", folder(args[1], embed), folder(args[2], embed), 120));
      bench.compare(new Data("drawn", drawn(1, 800, embed), drawn(2, 400, embed), 160));
      bench.pace(drawn(3, 500, embed));
    }
    ReviewChart.write(Path.of(args[3]), bench.charts);
  }

  private interface Embed {
    float[] apply(byte[] picture) throws Exception;
  }

  private void compare(Data data) throws IOException {
    double all = accuracy(train(data.pool(), Optional.empty()), data);
    System.out.printf(
        "%n%s: %d pictures, %d labels, all labelled %.1f %% of %d right, %.0f %% of that is %.1f"
            + " %%%n",
        data.name(),
        data.pool().size(),
        data.pool().stream().map(Sample::label).distinct().count(),
        100 * all,
        data.unseen().size(),
        100 * ENOUGH,
        100 * ENOUGH * all);
    Map<String, Strategy> strategies = new LinkedHashMap<>();
    strategies.put("random", ReviewStrategies::random);
    strategies.put(
        "queue",
        (pool, seed) ->
            ReviewStrategies.queue(config.review(), pool, seed, ReviewStrategies::herded));
    strategies.put(
        "queue by uncertainty",
        (pool, seed) ->
            ReviewStrategies.queue(config.review(), pool, seed, ReviewStrategies::uncertain));
    strategies.put(
        "least margin of all",
        (pool, seed) -> ReviewStrategies.least(pool, seed, ReviewStrategies::margin));
    strategies.put(
        "most entropy of all",
        (pool, seed) -> ReviewStrategies.least(pool, seed, scores -> -scores.entropy()));
    Map<String, double[]> curves = new LinkedHashMap<>();
    strategies.forEach(
        (name, strategy) -> {
          double[] curve = curve(data, strategy);
          print(name, curve, all);
          curves.put(name, curve);
        });
    charts.append(ReviewChart.of(data.name(), curves, ENOUGH * all, LABELS));
  }

  /** Mean accuracy over seeds after 4, 8, 12 … labels. */
  private double[] curve(Data data, Strategy strategy) {
    double[] sums = new double[data.most() / LABELS];
    for (int seed = 0; seed < SEEDS; seed++) {
      Choice choice = strategy.begin(data.pool(), seed);
      Set<String> labelled = new HashSet<>();
      List<Sample> known = new ArrayList<>();
      Optional<Head> champion = Optional.empty();
      for (int round = 0; round < sums.length; round++) {
        for (Sample next : choice.next(champion, labelled)) {
          labelled.add(next.id());
          known.add(next);
        }
        champion = train(known, champion);
        sums[round] += accuracy(champion, data);
      }
    }
    return Arrays.stream(sums).map(sum -> sum / SEEDS).toArray();
  }

  /** What the trainer makes of so few: trained on all, from the champion on. */
  private Optional<Head> train(List<Sample> known, Optional<Head> champion) {
    Dataset dataset = new Dataset();
    for (int n = 0; n < known.size(); n++) {
      dataset.apply(known.get(n).id(), BenchSets.example(known.get(n)), 0, n);
    }
    return dataset
        .examples(config.trainer().minExamplesPerLabel())
        .map(all -> train(all, champion))
        .or(() -> champion);
  }

  private Head train(ExampleSet all, Optional<Head> champion) {
    HeadRecipe winner =
        HeadRace.run(training, training.recipes(all, Optional.empty()), all).winner();
    return BenchSets.head(
        all, training.train(winner, all, champion.map(WarmStart::of), Optional.empty()));
  }

  private static double accuracy(Optional<Head> head, Data data) {
    return head.map(known -> BenchSets.accuracy(known, data.unseen())).orElse(0.0);
  }

  private static void print(String name, double[] curve, double all) {
    System.out.printf(
        "  %-22s %4d labels for 90 %%, %4d for 95 %%, %4d for 99 %%   after",
        name, needed(curve, 0.9 * all), needed(curve, ENOUGH * all), needed(curve, 0.99 * all));
    for (int n = 1; n < curve.length; n += n < 6 ? 2 : 5) {
      System.out.printf("  %d: %.1f", (n + 1) * LABELS, 100 * curve[n]);
    }
    System.out.println();
  }

  /** Labels until the mean curve is there, or -1. */
  private static int needed(double[] curve, double enough) {
    return IntStream.range(0, curve.length)
        .filter(n -> curve[n] >= enough)
        .map(n -> (n + 1) * LABELS)
        .findFirst()
        .orElse(-1);
  }

  /** What a picture costs in the node of the topology. */
  private void pace(List<Sample> samples) {
    Optional<Head> head = train(samples, Optional.empty());
    List<ScoredImage> scored = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      scored.add(ReviewStrategies.scored(samples.get(i), head, i));
    }
    ReviewSampler sampler = new ReviewSampler(config.review());
    int asked = 0;
    long start = 0;
    for (int pass = 0; pass < 400; pass++) {
      start = pass == 200 ? System.nanoTime() : start;
      for (int i = 0; i < scored.size(); i++) {
        asked += sampler.sample(samples.get(i).id(), scored.get(i)).isPresent() ? 1 : 0;
      }
    }
    System.out.printf(
        "%n%.1f microseconds an image with %d labels, %.1f %% asked%n",
        (System.nanoTime() - start) / 1e3 / (200.0 * samples.size()),
        head.orElseThrow().card().labels().size(),
        100.0 * asked / (400 * samples.size()));
  }

  private static List<Sample> folder(String folder, Embed embed) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of(folder))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    List<Sample> samples = new ArrayList<>();
    for (Path file : files) {
      samples.add(
          new Sample(
              file.getFileName().toString(),
              file.getName(file.getNameCount() - 2).toString(),
              embed.apply(Files.readAllBytes(file))));
    }
    return samples;
  }

  private static List<Sample> drawn(long seed, int count, Embed embed) throws Exception {
    DrawnPictures drawing = new DrawnPictures(seed);
    List<Sample> samples = new ArrayList<>();
    for (var drawn : LongStream.range(0, count).mapToObj(drawing::draw).toList()) {
      samples.add(new Sample(drawn.id(), drawn.label(), embed.apply(drawn.jpeg())));
    }
    return samples;
  }
}

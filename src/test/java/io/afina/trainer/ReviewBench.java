package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.labelling.queue.Acquisition;
import io.afina.model.Head;
import io.afina.model.HeadRecipe;
import io.afina.review.ReviewSampler;
import io.afina.review.ScoredImage;
import io.afina.trainer.BenchSets.Sample;
import io.afina.trainer.ReviewStrategies.Choice;
import io.afina.trainer.ReviewStrategies.Order;
import io.afina.trainer.ReviewStrategies.Strategy;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadRace;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.WarmStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Measures what the review queue saves, run by hand ({@code src/docs/benchmarks.md} says how): a
 * stream passes, the questions about it are answered a few at a time as the labelling page orders
 * them, and a head is trained and judged after each few, as the trainer does; beside it people
 * label just any picture. Writes the curves as a chart.
 */
final class ReviewBench {

  /** Labels between two heads, up to {@link #MANY}. */
  static final int LABELS = 4;

  /** From so many on, labels are too many for a head after each four. */
  private static final int MANY = 160;

  /** Up to so many the whole curve is wanted. */
  private static final int FEW = 80;

  private static final Set<Integer> SHOWN =
      Set.of(8, 16, 24, 32, 52, 72, 100, 160, 200, 320, 480, 640);
  private static final int SEEDS = Integer.getInteger("afina.seeds", 20);
  private static final double ENOUGH = 0.95;

  private final AfinaConfig config = ConfigLoader.defaults().load();
  private final HeadTraining training =
      new HeadTraining(config.trainer().hidden(), config.trainer().seed());
  private final StringBuilder charts = new StringBuilder();

  /** A stream of pictures, and those that heads are evaluated on. */
  record Data(String name, List<Sample> pool, List<Sample> unseen, int most) {}

  /**
   * Runs it.
   *
   * @param args a folder for embeddings, two with a folder a label, where the chart goes, and
   *     backbones: {@code CACHE TRAIN TEST CHART BACKBONE…}
   */
  public static void main(String[] args) throws Exception {
    ReviewBench bench = new ReviewBench();
    bench.training.warmUp();
    for (int n = 4; n < args.length; n++) {
      Path backbone = Path.of(args[n]);
      Path cache = Path.of(args[0]);
      BenchSets photographs =
          BenchSets.photographs(backbone, Path.of(args[1]), Path.of(args[2]), cache);
      BenchSets drawn = BenchSets.drawn(backbone, cache);
      int few = photographs.known().size() / 2;
      bench.compare(new Data(photographs.name(), photographs.known(), photographs.unseen(), few));
      bench.compare(
          new Data(
              drawn.name(), drawn.known().subList(0, 800), drawn.unseen().subList(0, 400), 200));
      bench.pace(drawn.known().subList(0, 500));
    }
    ReviewChart.write(Path.of(args[3]), bench.charts);
  }

  private void compare(Data data) throws IOException {
    double all = accuracy(train(training, data.pool(), Optional.empty()), data);
    System.out.printf(
        "%n%s: %d pictures, all labelled %.1f %% of %d right, %d orders%n",
        data.name(), data.pool().size(), 100 * all, data.unseen().size(), SEEDS);
    Map<String, Strategy> strategies = new LinkedHashMap<>();
    strategies.put("random", ReviewStrategies::random);
    strategies.put("queue", queue(Acquisition::order));
    strategies.put("by uncertainty", queue(ReviewStrategies::uncertain));
    strategies.put("least margin of all", ReviewStrategies::least);
    Map<String, NavigableMap<Integer, Double>> curves = new LinkedHashMap<>();
    strategies.forEach((name, strategy) -> curves.put(name, curve(name, data, strategy, all)));
    charts.append(ReviewChart.of(data.name(), curves, ENOUGH * all));
  }

  private Strategy queue(Order page) {
    return (pool, seed) -> ReviewStrategies.queue(config.review(), pool, seed, page);
  }

  /** Mean accuracy over seeds by the number of labels, until it is high enough. */
  private NavigableMap<Integer, Double> curve(
      String name, Data data, Strategy strategy, double all) {
    List<Labelling> seeds =
        IntStream.range(0, SEEDS).mapToObj(seed -> new Labelling(data, strategy, seed)).toList();
    NavigableMap<Integer, Double> curve = new TreeMap<>();
    double mean = 0;
    for (int labels = LABELS;
        labels <= data.most() && (labels <= FEW || mean < ENOUGH * all);
        labels += labels < MANY ? LABELS : 10 * LABELS) {
      int until = labels;
      mean = seeds.parallelStream().mapToDouble(seed -> seed.until(until)).sum() / SEEDS;
      curve.put(labels, mean);
    }
    System.out.printf(
        "  %-20s %4d labels for 90 %%, %4d for 95 %%  ",
        name, needed(curve, 0.9 * all), needed(curve, ENOUGH * all));
    curve.forEach(
        (labels, accuracy) -> {
          if (SHOWN.contains(labels)) {
            System.out.printf("  %d: %.1f", labels, 100 * accuracy);
          }
        });
    System.out.println();
    return curve;
  }

  /** One order of a stream, whose pictures are labelled by and by. */
  private final class Labelling {

    private final Data data;
    private final Choice choice;
    private final HeadTraining training =
        new HeadTraining(config.trainer().hidden(), config.trainer().seed());
    private final Set<String> labelled = new HashSet<>();
    private final List<Sample> known = new ArrayList<>();
    private Optional<Head> champion = Optional.empty();

    Labelling(Data data, Strategy strategy, long seed) {
      this.data = data;
      this.choice = strategy.begin(data.pool(), seed);
    }

    /** Accuracy after so many labels. */
    double until(int labels) {
      while (known.size() < labels) {
        for (Sample next : choice.next(champion, labelled)) {
          labelled.add(next.id());
          known.add(next);
        }
      }
      champion = train(training, known, champion);
      return accuracy(champion, data);
    }
  }

  /** What the trainer makes of so few: trained on all, from the champion on. */
  private Optional<Head> train(HeadTraining training, List<Sample> known, Optional<Head> champion) {
    Dataset dataset = new Dataset();
    for (int n = 0; n < known.size(); n++) {
      dataset.apply(known.get(n).id(), BenchSets.example(known.get(n)), 0, n);
    }
    return dataset
        .examples(config.trainer().minExamplesPerLabel())
        .map(all -> train(training, all, champion))
        .or(() -> champion);
  }

  private static Head train(HeadTraining training, ExampleSet all, Optional<Head> champion) {
    HeadRecipe winner =
        HeadRace.run(training, training.recipes(all, Optional.empty()), all).winner();
    return BenchSets.head(
        all, training.train(winner, all, champion.map(WarmStart::of), Optional.empty()));
  }

  private static double accuracy(Optional<Head> head, Data data) {
    return head.map(known -> BenchSets.accuracy(known, data.unseen())).orElse(0.0);
  }

  /** Labels until the mean curve is there, or -1. */
  private static int needed(NavigableMap<Integer, Double> curve, double enough) {
    return curve.entrySet().stream()
        .filter(point -> point.getValue() >= enough)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(-1);
  }

  /** What a picture costs in the node of the topology. */
  private void pace(List<Sample> samples) {
    Optional<Head> head = train(training, samples, Optional.empty());
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
}

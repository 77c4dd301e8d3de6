package io.afina.trainer;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.model.HeadRecipe;
import io.afina.trainer.BenchSets.Sample;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.doubt.LabelDoubt;
import io.afina.trainer.fit.HeadRace;
import io.afina.trainer.fit.HeadTraining;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Measures how wrong labels are found, run by hand ({@code src/docs/benchmarks.md} says how): some
 * labels are made wrong, at random or between the two that are most confused; then how well the
 * doubts rank them, and how right heads are that were trained with them, after the first as many as
 * are wrong were asked, and with none.
 */
final class DoubtBench {

  private static final int SEEDS = Integer.getInteger("afina.seeds", 1);
  private static final double[] SHARES = {0.05, 0.10};

  private final TrainerConfig settings = ConfigLoader.defaults().load().trainer();
  private final HeadTraining training = new HeadTraining(settings.hidden(), settings.seed());

  /** Examples of which some labels are wrong, and which those are. */
  private record Planted(List<Sample> samples, Set<String> wrong) {}

  /**
   * What came of one planting; {@code bound} is the average precision if all other labels were
   * right, {@code asked} the accuracy after asking.
   */
  private record Result(
      double averagePrecision,
      double bound,
      double precision,
      double wrong,
      double asked,
      int suspects,
      double suspectsWrong,
      double seconds) {}

  /**
   * Runs it.
   *
   * @param args where embeddings are kept, two folders with a folder a label, backbones: {@code
   *     CACHE TRAIN TEST BACKBONE…}
   */
  public static void main(String[] args) throws Exception {
    DoubtBench bench = new DoubtBench();
    bench.training.warmUp();
    for (String backbone : List.of(args).subList(3, args.length)) {
      Path file = Path.of(backbone);
      Path cache = Path.of(args[0]);
      bench.measure(BenchSets.photographs(file, Path.of(args[1]), Path.of(args[2]), cache));
      bench.measure(BenchSets.drawn(file, cache));
    }
  }

  private void measure(BenchSets set) {
    ExampleSet clean = examples(set);
    HeadRecipe recipe =
        HeadRace.run(training, training.recipes(clean, Optional.empty()), clean).winner();
    double none = accuracy(recipe, set);
    List<LabelDoubt> right = training.doubts(clean);
    List<String> pair = mostConfused(clean, right);
    System.out.printf(
        "%n%s: %d examples, %s, accuracy with none wrong %.3f, %d seeds%n",
        set.name(), clean.size(), recipe.text(), none, SEEDS);
    for (boolean random : new boolean[] {true, false}) {
      for (double share : SHARES) {
        List<Result> results = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
          Random chance = new Random(seed);
          results.add(
              measure(
                  set,
                  recipe,
                  random
                      ? atRandom(set.known(), clean.labels(), share, chance)
                      : between(set.known(), pair, share, chance),
                  right));
        }
        print(random ? "at random" : String.join("/", pair), share, none, results);
      }
    }
  }

  private static void print(String how, double share, double none, List<Result> results) {
    double wrong = mean(results.stream().mapToDouble(Result::wrong).toArray());
    double asked = mean(results.stream().mapToDouble(Result::asked).toArray());
    System.out.printf(
        "%-16s %2.0f %%: AP %.3f (all others right: %.3f), precision %.3f; accuracy without asking %.3f, asked %.3f, won back %4.0f %%; %.0f suspects, %.2f of them wrong; %.1f s%n",
        how,
        100 * share,
        mean(results.stream().mapToDouble(Result::averagePrecision).toArray()),
        mean(results.stream().mapToDouble(Result::bound).toArray()),
        mean(results.stream().mapToDouble(Result::precision).toArray()),
        wrong,
        asked,
        100 * (asked - wrong) / (none - wrong),
        mean(results.stream().mapToDouble(Result::suspects).toArray()),
        mean(results.stream().mapToDouble(Result::suspectsWrong).toArray()),
        mean(results.stream().mapToDouble(Result::seconds).toArray()));
  }

  private static double mean(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(n -> values[n]).average().orElse(0);
  }

  private Result measure(
      BenchSets set, HeadRecipe recipe, Planted planted, List<LabelDoubt> right) {
    BenchSets mislabelled = set.trainedOn("wrong", planted.samples());
    ExampleSet all = examples(mislabelled);
    long start = System.nanoTime();
    List<LabelDoubt> doubts = training.doubts(all);
    double seconds = (System.nanoTime() - start) / 1e9;
    List<String> ranked =
        doubts.stream()
            .sorted(Comparator.comparingDouble(doubt -> -doubt.doubt()))
            .map(doubt -> all.examples().get(doubt.row()).id())
            .toList();
    List<String> suspects =
        doubts.stream()
            .filter(LabelDoubt::suspect)
            .map(doubt -> all.examples().get(doubt.row()).id())
            .toList();
    Set<String> wrong = planted.wrong();
    List<String> first = ranked.subList(0, wrong.size());
    return new Result(
        averagePrecision(ranked, wrong),
        averagePrecision(ranked(all, right), wrong),
        share(first, wrong),
        accuracy(recipe, mislabelled),
        accuracy(recipe, set.trainedOn("asked", answered(planted, set.known(), first))),
        suspects.size(),
        share(suspects, wrong),
        seconds);
  }

  /** By what is believed of each example where all others are right: the most that there is. */
  private static List<String> ranked(ExampleSet all, List<LabelDoubt> right) {
    return right.stream()
        .sorted(Comparator.comparingDouble(doubt -> margin(all, doubt)))
        .map(doubt -> all.examples().get(doubt.row()).id())
        .toList();
  }

  /** Of what was said before the likeliest other label. */
  private static double margin(ExampleSet all, LabelDoubt doubt) {
    int said = all.labels().indexOf(all.label(doubt.row()));
    float[] believed = doubt.probabilities();
    double other =
        IntStream.range(0, believed.length)
            .filter(label -> label != said)
            .mapToDouble(label -> believed[label])
            .max()
            .orElse(0);
    return believed[said] / (believed[said] + other);
  }

  /** The samples after the right label was said of some of them. */
  private static List<Sample> answered(Planted planted, List<Sample> right, List<String> asked) {
    Set<String> ids = new HashSet<>(asked);
    return IntStream.range(0, right.size())
        .mapToObj(n -> ids.contains(right.get(n).id()) ? right.get(n) : planted.samples().get(n))
        .toList();
  }

  private static double share(List<String> ids, Set<String> wrong) {
    return ids.stream().mapToInt(id -> wrong.contains(id) ? 1 : 0).average().orElse(0);
  }

  private static double averagePrecision(List<String> ranked, Set<String> wrong) {
    double sum = 0;
    int hits = 0;
    for (int n = 0; n < ranked.size(); n++) {
      if (wrong.contains(ranked.get(n))) {
        hits++;
        sum += (double) hits / (n + 1);
      }
    }
    return sum / wrong.size();
  }

  private static Planted atRandom(
      List<Sample> right, List<String> labels, double share, Random chance) {
    List<Integer> order = shuffled(IntStream.range(0, right.size()).boxed().toList(), chance);
    List<Sample> samples = new ArrayList<>(right);
    Set<String> wrong = new HashSet<>();
    for (int row : order.subList(0, (int) (share * right.size()))) {
      Sample before = right.get(row);
      int other = labels.indexOf(before.label()) + 1 + chance.nextInt(labels.size() - 1);
      samples.set(row, said(before, labels.get(other % labels.size())));
      wrong.add(before.id());
    }
    return new Planted(samples, wrong);
  }

  /** Wrong are so many of the examples of both labels. */
  private static Planted between(
      List<Sample> right, List<String> pair, double share, Random chance) {
    List<Integer> order =
        shuffled(
            IntStream.range(0, right.size())
                .filter(row -> pair.contains(right.get(row).label()))
                .boxed()
                .toList(),
            chance);
    List<Sample> samples = new ArrayList<>(right);
    Set<String> wrong = new HashSet<>();
    for (int row : order.subList(0, (int) (share * order.size()))) {
      Sample before = right.get(row);
      samples.set(row, said(before, pair.get(1 - pair.indexOf(before.label()))));
      wrong.add(before.id());
    }
    return new Planted(samples, wrong);
  }

  private static List<Integer> shuffled(List<Integer> rows, Random chance) {
    List<Integer> order = new ArrayList<>(rows);
    Collections.shuffle(order, chance);
    return order;
  }

  private static Sample said(Sample sample, String label) {
    return new Sample(sample.id(), label, sample.values());
  }

  /** The two labels that are taken for one another most, by what is believed of each example. */
  private static List<String> mostConfused(ExampleSet clean, List<LabelDoubt> right) {
    Map<Set<String>, Double> confused = new HashMap<>();
    for (LabelDoubt doubt : right) {
      String said = clean.label(doubt.row());
      for (int label = 0; label < clean.labels().size(); label++) {
        String other = clean.labels().get(label);
        if (!other.equals(said)) {
          confused.merge(Set.of(said, other), (double) doubt.probabilities()[label], Double::sum);
        }
      }
    }
    return confused.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .orElseThrow()
        .getKey()
        .stream()
        .sorted()
        .toList();
  }

  private double accuracy(HeadRecipe recipe, BenchSets set) {
    ExampleSet all = examples(set);
    return BenchSets.accuracy(
        BenchSets.head(all, training.train(recipe, all, Optional.empty(), Optional.empty())),
        set.unseen());
  }

  private static ExampleSet examples(BenchSets set) {
    return set.dataset().examples(1).orElseThrow();
  }
}

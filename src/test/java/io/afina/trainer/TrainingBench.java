package io.afina.trainer;

import io.afina.config.ConfigLoader;
import io.afina.model.Head;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Race;
import io.afina.trainer.BenchSets.Sample;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadRace;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.TrainedLayers;
import io.afina.trainer.fit.WarmStart;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures the training, run by hand ({@code src/docs/benchmarks.md} says how): accuracy and time
 * of every form, of the race and of few examples beside scikit-learn on the same embeddings; how
 * fast heads score; how time and memory grow with the examples.
 */
final class TrainingBench {

  private static final int HIDDEN = 1024;
  private static final int DRAWS = 5;
  private static final int[] FEW = {1, 2, 4, 8, 16};
  private static final int SCORED = 2000;
  private static final int WIDTH = 1280;
  private static final List<Form> ALL = List.of(Form.values());

  /** An epoch of more examples takes a processor too long. */
  private static final int MOST_HIDDEN = 20_000;

  private final HeadTraining training =
      new HeadTraining(HIDDEN, ConfigLoader.defaults().load().trainer().seed());

  /**
   * Runs it.
   *
   * @param args where embeddings are kept, folders that have {@code train} and {@code val} with a
   *     folder a label, and backbones: {@code CACHE PHOTOS… BACKBONE…}; or numbers of examples, to
   *     see how time and memory grow
   */
  public static void main(String[] args) throws Exception {
    TrainingBench bench = new TrainingBench();
    bench.training.warmUp();
    if (args[0].matches("\\d+")) {
      Arrays.stream(args).mapToInt(Integer::parseInt).forEach(bench::growth);
      return;
    }
    List<Path> paths = Arrays.stream(args).skip(1).map(Path::of).toList();
    for (Path backbone : paths.stream().filter(Files::isRegularFile).toList()) {
      for (Path photos : paths.stream().filter(Files::isDirectory).toList()) {
        bench.compare(
            BenchSets.photographs(
                backbone, photos.resolve("train"), photos.resolve("val"), Path.of(args[0])));
      }
      bench.compare(BenchSets.drawn(backbone, Path.of(args[0])));
    }
  }

  private void compare(BenchSets set) throws Exception {
    ExampleSet all = set.dataset().examples(1).orElseThrow();
    training.train(new HeadRecipe(Form.DENSE, 1, 0), all, Optional.empty(), Optional.empty());
    System.out.printf(
        "%n%s: %d examples x %d, %d labels, judged on %d%n",
        set.name(), all.size(), all.width(), all.labels().size(), set.unseen().size());
    for (Form form : ALL) {
      raced(set, all, Optional.of(form));
    }
    raced(set, all, Optional.empty());
    List<List<Integer>> few = few(set);
    scikitLearn(set, few);
  }

  /** The race, the winner trained on all examples, and trained again from its own layers. */
  private void raced(BenchSets set, ExampleSet all, Optional<Form> form) {
    long start = now();
    Race race = HeadRace.run(training, training.recipes(all, form), all);
    double raced = seconds(start);
    start = now();
    TrainedLayers cold = training.train(race.winner(), all, Optional.empty(), Optional.empty());
    double trained = seconds(start);
    Head head = BenchSets.head(all, cold);
    start = now();
    training.train(race.winner(), all, Optional.of(WarmStart.of(head)), Optional.empty());
    double again = seconds(start);
    System.out.printf(
        "  %-14s %6.2f %%   race %5.2f s, cold %5.2f s, warm %5.2f s   %s, %.0f us a score%n",
        form.map(Form::text).orElse("auto"),
        100 * BenchSets.accuracy(head, set.unseen()),
        raced,
        trained,
        again,
        recipe(race.winner()),
        scored(head, set.unseen()));
    if (form.isEmpty()) {
      race.entrants().forEach(TrainingBench::print);
    }
  }

  private static void print(Race.Entrant entrant) {
    System.out.printf(
        "    %-28s loss %.4f, %6.2f %%, %5.2f s%n",
        recipe(entrant.recipe()), entrant.loss(), 100 * entrant.accuracy(), entrant.seconds());
  }

  private static String recipe(HeadRecipe recipe) {
    return "%s %s%s"
        .formatted(
            recipe.form().text(),
            recipe.strength(),
            recipe.epochs() > 0 ? ", epochs " + recipe.epochs() : "");
  }

  /** In millionths of a second. */
  private static double scored(Head head, List<Sample> samples) {
    double checked = 0;
    for (int n = 0; n < SCORED; n++) {
      checked += head.score(samples.get(n % samples.size()).values()).entropy();
    }
    long start = now();
    for (int n = 0; n < SCORED; n++) {
      checked += head.score(samples.get(n % samples.size()).values()).entropy();
    }
    return checked < 0 ? -1 : 1e6 * seconds(start) / SCORED;
  }

  /** Trains on a few examples a label, drawn several times; gives the draws. */
  private List<List<Integer>> few(BenchSets set) {
    List<List<Integer>> draws = new ArrayList<>();
    for (int each : FEW) {
      double right = 0;
      for (int draw = 0; draw < DRAWS; draw++) {
        List<Integer> rows = draw(set.known(), each, draw);
        draws.add(rows);
        BenchSets some = set.trainedOn("few", rows.stream().map(set.known()::get).toList());
        ExampleSet all = some.dataset().examples(1).orElseThrow();
        Race race = HeadRace.run(training, training.recipes(all, Optional.empty()), all);
        TrainedLayers trained =
            training.train(race.winner(), all, Optional.empty(), Optional.empty());
        right += BenchSets.accuracy(BenchSets.head(all, trained), set.unseen()) / DRAWS;
      }
      System.out.printf("  auto, %2d a label, %d draws %6.2f %%%n", each, DRAWS, 100 * right);
    }
    return draws;
  }

  private static List<Integer> draw(List<Sample> samples, int each, int seed) {
    List<Integer> shuffled =
        IntStream.range(0, samples.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(shuffled, new Random(seed));
    Map<String, Integer> taken = new TreeMap<>();
    return shuffled.stream()
        .filter(row -> taken.merge(samples.get(row).label(), 1, Integer::sum) <= each)
        .toList();
  }

  private void growth(int examples) {
    System.gc();
    long before = used();
    long start = now();
    Dataset dataset = clouds(examples);
    double load = seconds(start);
    System.gc();
    System.out.printf(
        "%n%,d examples x %d: made and kept in %.1f s, %d MB on the heap%n",
        examples, WIDTH, load, (used() - before) >> 20);
    ExampleSet all = dataset.examples(1).orElseThrow();
    start = now();
    Race race = HeadRace.run(training, training.recipes(all, Optional.empty()), all);
    System.out.printf("  race: %.2f s, %s%n", seconds(start), recipe(race.winner()));
    for (Form form : examples > MOST_HIDDEN ? List.of(Form.DENSE, Form.KERNEL) : ALL) {
      HeadRecipe recipe = training.recipes(all, Optional.of(form)).get(0);
      start = now();
      TrainedLayers trained = training.train(recipe, all, Optional.empty(), Optional.empty());
      System.out.printf(
          "  %s: %.2f s (%.1f %% of what it was trained on), resident at most %d MB%n",
          recipe(recipe), seconds(start), 100 * trained.accuracy(), residentPeak());
    }
  }

  /** Clouds of embeddings behind a ReLU, some of them near to each other. */
  private static Dataset clouds(int examples) {
    Random random = new Random(3);
    float[][] centres = new float[10][WIDTH];
    for (float[] centre : centres) {
      for (int i = 0; i < WIDTH; i++) {
        centre[i] = (float) (0.08 * random.nextGaussian());
      }
    }
    Dataset dataset = new Dataset();
    for (int n = 0; n < examples; n++) {
      float[] values = new float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        values[i] = (float) Math.max(0, centres[n % 10][i] + random.nextGaussian());
      }
      dataset.apply(
          "image-" + n, BenchSets.example(new Sample("", "label " + n % 10, values)), n % 12, n);
    }
    return dataset;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** In MB, as Linux counts it; 0 elsewhere. */
  private static long residentPeak() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** The same embeddings and draws for scikit-learn, if Python has it. */
  private static void scikitLearn(BenchSets set, List<List<Integer>> few) throws Exception {
    Path folder = Files.createTempDirectory("afina-bench-");
    List<String> labels = set.known().stream().map(Sample::label).distinct().sorted().toList();
    BenchSets.write(folder.resolve("train"), set.known(), labels);
    BenchSets.write(folder.resolve("test"), set.unseen(), labels);
    List<String> draws =
        few.stream()
            .map(rows -> rows.stream().map(Object::toString).collect(Collectors.joining(" ")))
            .toList();
    Files.write(folder.resolve("few"), draws);
    boolean ended =
        new ProcessBuilder("/usr/bin/python3", "src/test/python/references.py", folder.toString())
            .inheritIO()
            .start()
            .waitFor(10, TimeUnit.MINUTES);
    if (!ended) {
      throw new IllegalStateException("scikit-learn took more than 10 minutes");
    }
  }

  /** Processor time of this thread, which is the engine's too: others may use the machine. */
  private static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double seconds(long start) {
    return (now() - start) / 1e9;
  }
}

package io.afina.trainer;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.model.Head;
import io.afina.model.Verdict;
import io.afina.trainer.BenchSets.Sample;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.TrainedLayers;
import io.afina.trainer.fit.WarmStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Measures the training, run by hand ({@code src/docs/benchmarks.md} says how): accuracy and time
 * beside scikit-learn's logistic regression on the same embeddings, time beside the textbook recipe
 * that runs the backbone over every picture in every epoch, and how time and memory grow with the
 * examples.
 */
final class TrainingBench {

  private static final Verdict VERDICT = new Verdict(Verdict.Decision.PROMOTED, "to be measured");
  private static final int EPOCHS = 20;

  private final TrainerConfig settings = ConfigLoader.defaults().load().trainer();
  private final CandidateTrainer trainer = new CandidateTrainer(settings);

  /**
   * Runs it.
   *
   * @param args where embeddings are kept, folders with a folder a label, and backbones: {@code
   *     CACHE TRAIN TEST BACKBONE…}; no backbone runs only what needs none
   */
  public static void main(String[] args) throws Exception {
    TrainingBench bench = new TrainingBench();
    bench.trainer.warmUp();
    for (int n = 3; n < args.length; n++) {
      for (BenchSets set :
          BenchSets.of(Path.of(args[n]), Path.of(args[1]), Path.of(args[2]), Path.of(args[0]))) {
        bench.compare(set);
        if (set.known().size() > 1000) {
          bench.compare(set.trainedOn("8 a label", perLabel(set.known(), label -> 8)));
          bench.compare(set.trainedOn("4 to 300 a label", unbalanced(set.known())));
          bench.compare(quarters(set));
          bench.oneByOne(set);
        }
      }
    }
    if (args.length == 3) {
      for (int examples : new int[] {1_000, 3_068, 10_000, 30_000, 100_000}) {
        bench.growth(examples);
      }
    }
  }

  private void compare(BenchSets set) throws Exception {
    ExampleSet all = set.dataset().examples(settings.minExamplesPerLabel()).orElseThrow();
    make(trainer, all); // the JIT compilers' share
    System.out.printf(
        "%n%s: %d examples x %d, %d labels, judged on %d%n",
        set.name(), all.size(), all.width(), all.labels().size(), set.unseen().size());
    row("judged and trained on all", trainer, all, set.unseen());
    long start = System.nanoTime();
    TrainedLayers trained = new HeadTraining(settings.hidden(), settings.seed()).train(all);
    System.out.printf(
        "  %-40s %8.2f s   %6.2f %%%n",
        "all, training alone",
        seconds(start),
        100 * BenchSets.accuracy(BenchSets.head(all, trained), set.unseen()));
    if (set.passSeconds() > 0) {
      System.out.printf(
          "  %-40s %8.2f s   (%d epochs of %.2f s, each one pass of decoding and backbone)%n",
          "textbook: backbone in every epoch",
          EPOCHS * set.passSeconds(),
          EPOCHS,
          set.passSeconds());
    }
    scikitLearn(set);
  }

  private static List<Sample> unbalanced(List<Sample> samples) {
    List<String> labels = samples.stream().map(Sample::label).distinct().sorted().toList();
    return perLabel(samples, label -> (int) (4 * Math.pow(1.615, labels.indexOf(label))));
  }

  private static List<Sample> perLabel(List<Sample> samples, ToIntFunction<String> most) {
    Map<String, Integer> taken = new TreeMap<>();
    return samples.stream()
        .filter(s -> taken.merge(s.label(), 1, Integer::sum) <= most.applyAsInt(s.label()))
        .toList();
  }

  /** Four labels of each: on which side of two random planes through the middle it lies. */
  private static BenchSets quarters(BenchSets set) {
    int width = set.known().get(0).values().length;
    Random random = new Random(11);
    double[] mean = new double[width];
    set.known().forEach(s -> add(mean, s.values(), 1.0 / set.known().size()));
    double[][] planes = new double[2][width];
    for (double[] plane : planes) {
      for (int i = 0; i < width; i++) {
        plane[i] = random.nextGaussian();
      }
    }
    return new BenchSets(
        set.name() + ", quarters",
        set.known().stream().map(s -> quarter(s, mean, planes)).toList(),
        set.unseen().stream().map(s -> quarter(s, mean, planes)).toList(),
        0);
  }

  private static Sample quarter(Sample sample, double[] mean, double[][] planes) {
    StringBuilder label = new StringBuilder(sample.label());
    for (double[] plane : planes) {
      double side = 0;
      for (int i = 0; i < mean.length; i++) {
        side += plane[i] * (sample.values()[i] - mean[i]);
      }
      label.append(side > 0 ? '+' : '-');
    }
    return new Sample(sample.id(), label.toString(), sample.values());
  }

  private static void add(double[] sum, float[] values, double factor) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * values[i];
    }
  }

  /** Labels that come one after the other, each head starting from the one before. */
  private void oneByOne(BenchSets set) {
    List<String> labels = set.known().stream().map(Sample::label).distinct().sorted().toList();
    Optional<WarmStart> before = Optional.empty();
    Head last = null;
    for (int known = 2; known <= labels.size(); known++) {
      List<String> now = labels.subList(0, known);
      ExampleSet some = set.only(now).dataset().examples(3).orElseThrow();
      last =
          BenchSets.head(
              some,
              new HeadTraining(settings.hidden(), settings.seed())
                  .train(some, before, Optional.empty()));
      before = Optional.of(WarmStart.of(last));
    }
    ExampleSet all = set.dataset().examples(3).orElseThrow();
    Head atOnce =
        BenchSets.head(all, new HeadTraining(settings.hidden(), settings.seed()).train(all));
    List<Sample> first =
        set.unseen().stream().filter(s -> labels.indexOf(s.label()) < labels.size() / 2).toList();
    System.out.printf(
        "%n%s, labels one by one: the first half of them %.2f %%, all from the start %.2f %%%n",
        set.name(),
        100 * BenchSets.accuracy(Objects.requireNonNull(last), first),
        100 * BenchSets.accuracy(atOnce, first));
  }

  private void row(String what, CandidateTrainer trainer, ExampleSet all, List<Sample> unseen) {
    long start = System.nanoTime();
    Candidate candidate = make(trainer, all);
    double seconds = seconds(start);
    Head head = trainer.head(candidate, 1, Map.of(), null, null, seconds, VERDICT);
    System.out.printf(
        "  %-40s %8.2f s   %6.2f %%   ECE %.3f, without temperature %.3f%n",
        what,
        seconds,
        100 * BenchSets.accuracy(head, unseen),
        candidate.measures().ece(),
        candidate.measures().eceUncalibrated());
  }

  private static Candidate make(CandidateTrainer trainer, ExampleSet all) {
    return trainer.train(all, Optional.empty());
  }

  /** Clouds of embeddings behind a ReLU, some of them near to each other. */
  private void growth(int examples) {
    int width = 1280;
    Random random = new Random(3);
    float[][] centres = new float[10][width];
    for (float[] centre : centres) {
      for (int i = 0; i < width; i++) {
        centre[i] = (float) (0.25 * random.nextGaussian());
      }
    }
    System.gc();
    long before = used();
    long start = System.nanoTime();
    Dataset dataset = new Dataset();
    for (int n = 0; n < examples; n++) {
      float[] values = new float[width];
      for (int i = 0; i < width; i++) {
        values[i] = (float) Math.max(0, centres[n % 10][i] + random.nextGaussian());
      }
      dataset.apply(
          "image-" + n, BenchSets.example(new Sample("", "label " + n % 10, values)), n % 12, n);
    }
    double load = seconds(start);
    System.gc();
    long memory = used() - before;
    start = System.nanoTime();
    Candidate candidate = make(trainer, dataset.examples(3).orElseThrow());
    double seconds = seconds(start);
    System.out.printf(
        "%n%,d examples x %d: made and kept in %.1f s, %d MB on the heap, trained and judged in"
            + " %.2f s (%.1f %%), resident at most %d MB%n",
        examples,
        width,
        load,
        memory >> 20,
        seconds,
        100 * candidate.measures().accuracy(),
        residentPeak());
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

  /** The same embeddings for scikit-learn, if Python has it: labels as numbers, then the floats. */
  private static void scikitLearn(BenchSets set) throws Exception {
    Path folder = Files.createTempDirectory("afina-bench-");
    List<String> labels = set.known().stream().map(Sample::label).distinct().sorted().toList();
    BenchSets.write(folder.resolve("train"), set.known(), labels);
    BenchSets.write(folder.resolve("test"), set.unseen(), labels);
    boolean ended =
        new ProcessBuilder(
                "/usr/bin/python3", "src/test/python/logistic_regression.py", folder.toString())
            .inheritIO()
            .start()
            .waitFor(10, TimeUnit.MINUTES);
    if (!ended) {
      throw new IllegalStateException("scikit-learn took more than 10 minutes");
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}

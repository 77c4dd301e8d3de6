package io.afina.trainer;

import io.afina.cli.drawing.DrawnPictures;
import io.afina.config.AfinaConfig.Trainer;
import io.afina.config.ConfigLoader;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.inference.BackboneModel;
import io.afina.inference.Backbones;
import io.afina.inference.Embedder;
import io.afina.inference.PictureDecoder;
import io.afina.model.Head;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
import io.afina.trainer.Recipe.Candidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
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

  private final Trainer settings = ConfigLoader.defaults().load().trainer();
  private final Recipe recipe = new Recipe(settings);

  /** A picture's embedding and what it shows. */
  private record Sample(String id, String label, float[] values) {}

  private record Pictured(String id, String label, byte[] picture) {}

  /**
   * Runs it.
   *
   * @param args a backbone, and folders with a folder a label: {@code BACKBONE TRAIN TEST}
   */
  public static void main(String[] args) throws Exception {
    TrainingBench bench = new TrainingBench();
    bench.recipe.warmUp();
    try (BackboneModel model = BackboneModel.load(new Backbones().resolve(args[0]), 1);
        Embedder embedder = model.newEmbedder()) {
      PictureDecoder decoder =
          new PictureDecoder(ConfigLoader.defaults().load().pictures(), model.backbone().card());
      Embed embed = picture -> embedder.embed(decoder.decode(picture, null));
      bench.compare("photographs", folder(Path.of(args[1])), folder(Path.of(args[2])), embed);
      bench.compare("drawn", drawn(1, 3068), drawn(2, 1000), embed);
    }
    for (int examples : new int[] {1_000, 10_000, 100_000}) {
      bench.growth(examples);
    }
  }

  private interface Embed {
    float[] apply(byte[] picture) throws Exception;
  }

  private void compare(String name, List<Pictured> train, List<Pictured> test, Embed embed)
      throws Exception {
    long start = System.nanoTime();
    List<Sample> known = embedded(train, embed);
    double onePass = seconds(start);
    List<Sample> unseen = embedded(test, embed);
    Examples all = dataset(known).examples(settings.minExamplesPerLabel()).orElseThrow();
    make(recipe, all); // the JIT compilers' share
    System.out.printf(
        "%n%s: %d examples x %d, %d labels, judged on %d%n",
        name, all.size(), all.width(), all.labels().size(), unseen.size());
    row("a fifth held back", recipe, all, unseen);
    start = System.nanoTime();
    HeadTraining.Trained trained =
        new HeadTraining(settings.hidden(), settings.seed())
            .train(all, Optional.empty(), Optional.empty());
    System.out.printf(
        "  %-40s %8.2f s   %5.1f %%%n",
        "all, training alone", seconds(start), 100 * accuracy(head(all, trained), unseen));
    System.out.printf(
        "  %-40s %8.2f s   (%d epochs of %.2f s, each one pass of decoding and backbone)%n",
        "textbook: backbone in every epoch", EPOCHS * onePass, EPOCHS, onePass);
    scikitLearn(known, unseen);
  }

  private void row(String what, Recipe recipe, Examples all, List<Sample> unseen) {
    long start = System.nanoTime();
    Candidate made = make(recipe, all);
    double seconds = seconds(start);
    Head head =
        new Head(recipe.card(made, 1, null, Map.of(), seconds, VERDICT), made.trained().layers());
    System.out.printf(
        "  %-40s %8.2f s   %5.1f %%   ECE %.3f, without temperature %.3f%n",
        what,
        seconds,
        100 * accuracy(head, unseen),
        made.measures().ece(),
        made.measures().eceUncalibrated());
  }

  private static Candidate make(Recipe recipe, Examples all) {
    return recipe.make(all, Optional.empty());
  }

  private static double accuracy(Head head, List<Sample> unseen) {
    long right =
        unseen.stream()
            .filter(s -> head.score(s.values()).top(1).get(0).label().equals(s.label()))
            .count();
    return (double) right / unseen.size();
  }

  private Head head(Examples all, HeadTraining.Trained trained) {
    Candidate shell =
        new Candidate(
            all,
            trained,
            all.size(),
            false,
            1,
            new Answers().measures(Method.HOLDOUT, 1),
            Optional.empty());
    return new Head(recipe.card(shell, 1, null, Map.of(), 0, VERDICT), trained.layers());
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
      dataset.apply("image-" + n, example("label " + n % 10, values), n % 12, n);
    }
    double load = seconds(start);
    System.gc();
    long memory = used() - before;
    start = System.nanoTime();
    Candidate made = make(recipe, dataset.examples(3).orElseThrow());
    double seconds = seconds(start);
    System.out.printf(
        "%n%,d examples x %d: made and kept in %.1f s, %d MB on the heap, trained and judged in %.2f s (%.1f %%), resident at most %d MB%n",
        examples,
        width,
        load,
        memory >> 20,
        seconds,
        100 * made.measures().accuracy(),
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

  private static Dataset dataset(List<Sample> samples) {
    Dataset dataset = new Dataset();
    for (int n = 0; n < samples.size(); n++) {
      Sample sample = samples.get(n);
      dataset.apply(sample.id(), example(sample.label(), sample.values()), 0, n);
    }
    return dataset;
  }

  private static TrainingExample example(String label, float[] values) {
    return new TrainingExample(label, null, Instant.EPOCH, new Embedding("ab".repeat(32), values));
  }

  private static List<Sample> embedded(List<Pictured> pictures, Embed embed) throws Exception {
    List<Sample> samples = new ArrayList<>();
    for (Pictured picture : pictures) {
      samples.add(new Sample(picture.id(), picture.label(), embed.apply(picture.picture())));
    }
    return samples;
  }

  private static List<Pictured> folder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().map(TrainingBench::pictured).toList();
    }
  }

  private static Pictured pictured(Path file) {
    try {
      return new Pictured(
          file.getFileName().toString(),
          file.getName(file.getNameCount() - 2).toString(),
          Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Pictured> drawn(long seed, int count) {
    DrawnPictures drawing = new DrawnPictures(seed);
    return LongStream.range(0, count)
        .mapToObj(drawing::draw)
        .map(drawn -> new Pictured(drawn.id(), drawn.label(), drawn.jpeg()))
        .toList();
  }

  /** The same embeddings for scikit-learn, if Python has it: labels as numbers, then the floats. */
  private static void scikitLearn(List<Sample> train, List<Sample> test) throws Exception {
    Path folder = Files.createTempDirectory("afina-bench-");
    write(folder.resolve("train"), train);
    write(folder.resolve("test"), test);
    int rc =
        new ProcessBuilder(
                    "/usr/bin/python3", "src/test/python/logistic_regression.py", folder.toString())
                .inheritIO()
                .start()
                .waitFor(10, TimeUnit.MINUTES)
            ? 0
            : 1;
    if (rc != 0) {
      throw new IllegalStateException("scikit-learn took more than 10 minutes");
    }
  }

  private static void write(Path file, List<Sample> samples) throws IOException {
    List<String> labels = samples.stream().map(Sample::label).distinct().sorted().toList();
    int width = samples.get(0).values().length;
    ByteBuffer buffer =
        ByteBuffer.allocate(8 + samples.size() * 4 * (1 + width)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(samples.size()).putInt(width);
    samples.forEach(sample -> buffer.putInt(labels.indexOf(sample.label())));
    for (Sample sample : samples) {
      for (float value : sample.values()) {
        buffer.putFloat(value);
      }
    }
    Files.write(file, buffer.array());
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}

package io.afina.trainer;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.event.Embedding;
import io.afina.event.Json;
import io.afina.event.TrainingExample;
import io.afina.metrics.TrainerMeters;
import io.afina.model.Head;
import io.afina.model.Heads;
import io.afina.model.Verdict;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.Dataset.Selection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What labels cost that somebody invents: the arguments are how many, how many examples each has,
 * and {@code trainer.maxLabels}. Beside them are ten labels of 100 examples each. Run it once a
 * measurement, for the peak of memory is that of the process.
 */
final class LabelFloodBench {

  private static final int WIDTH = 1280;
  private static final int HONEST_LABELS = 10;
  private static final int HONEST_EXAMPLES = 100;
  private static final Verdict VERDICT = new Verdict(Verdict.Decision.PROMOTED, "to be measured");

  private final Dataset dataset = new Dataset();
  private final Random random = new Random(17);
  private int count;

  public static void main(String[] args) throws IOException {
    TrainerConfig settings =
        ConfigLoader.defaults().set("trainer.maxLabels", args[2]).load().trainer();
    new LabelFloodBench().run(Integer.parseInt(args[0]), Integer.parseInt(args[1]), settings);
  }

  private void run(int labels, int examples, TrainerConfig settings) throws IOException {
    add("honest ", HONEST_LABELS, HONEST_EXAMPLES);
    add("label of a stranger ", labels, examples);
    System.out.printf("%d examples, heap %d MB%n", dataset.size(), heap() >> 20);
    CandidateTrainer trainer = new CandidateTrainer(settings);
    trainer.warmUp();
    long start = System.nanoTime();
    Selection selection =
        dataset.select(
            List.of("ab".repeat(32)), settings.minExamplesPerLabel(), settings.maxLabels());
    double selecting = (System.nanoTime() - start) / 1e9;
    Candidate candidate = trainer.train(selection.examples().orElseThrow(), Optional.empty());
    double seconds = (System.nanoTime() - start) / 1e9;
    Head head = trainer.head(candidate, 1, Map.of(), null, selection.leftOut(), seconds, VERDICT);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    TrainerMeters meters = new TrainerMeters(registry);
    meters.examples(dataset.countsByLabel());
    System.out.printf(
        "selected in %.2f s, trained and judged in %.1f s; head %d KB, of which card %d KB; %d labels, left out %s%n",
        selecting,
        seconds,
        Heads.file(head).length >> 10,
        Json.write(head.card()).length >> 10,
        head.card().labels().size(),
        selection.leftOut());
    System.out.printf("%d series by label; %s%n", series(registry), peak());
  }

  private static int series(SimpleMeterRegistry registry) {
    return registry.find("afina.training.examples").gauges().size();
  }

  private void add(String name, int labels, int examples) {
    for (int label = 0; label < labels; label++) {
      float[] centre = numbers(1);
      for (int n = 0; n < examples; n++) {
        float[] values = numbers(0.7f);
        for (int i = 0; i < WIDTH; i++) {
          values[i] += centre[i];
        }
        dataset.apply(
            "image-" + count,
            new TrainingExample(
                name + label, "mia", Instant.EPOCH, new Embedding(Heads.BACKBONE, values)),
            0,
            count++);
      }
    }
  }

  private float[] numbers(float scale) {
    float[] numbers = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      numbers[i] = scale * random.nextFloat();
    }
    return numbers;
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** The largest resident memory of this process, as Linux says. */
  private static String peak() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .findFirst()
        .orElse("");
  }
}

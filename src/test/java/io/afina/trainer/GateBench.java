package io.afina.trainer;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.model.Head;
import io.afina.model.Verdict;
import io.afina.trainer.BenchSets.Sample;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.judge.Gate;
import io.afina.trainer.judge.PairedEvaluation;
import io.afina.trainer.judge.PairedEvaluation.LabelCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Measures what the gate rejects, run by hand ({@code src/docs/benchmarks.md} says how): a head for
 * every few examples, in several orders, once with every rule; and how good whoever answers is on
 * pictures that none of them saw.
 */
final class GateBench {

  private static final Verdict VERDICT = new Verdict(Verdict.Decision.PROMOTED, "to be measured");
  private static final int STEP = 5;
  private static final int MOST = 500;
  private static final int ORDERS = 5;

  private final TrainerConfig settings = ConfigLoader.defaults().load().trainer();
  private final Gate gate = new Gate(settings.maxAccuracyLoss(), settings.maxLabelRegression());
  private final Map<String, Predicate<PairedEvaluation>> rules = new LinkedHashMap<>();

  private GateBench() {
    rules.put("every head answers", paired -> true);
    rules.put("no fall at all", paired -> paired.fall() <= 0 && labelsKeep(paired));
    rules.put("champion's standard error", paired -> withinItsError(paired) && labelsKeep(paired));
    rules.put("the gate", paired -> gate.rejection(paired).isEmpty());
  }

  /**
   * What one order of examples gave.
   *
   * @param rejected which of its heads were
   * @param accuracies of whoever answered after each head
   */
  private record Run(List<Boolean> rejected, List<Double> accuracies) {

    int heads() {
      return rejected.size();
    }

    int rejections() {
      return Collections.frequency(rejected, true);
    }

    int longest() {
      int longest = 0;
      int inARow = 0;
      for (boolean one : rejected) {
        inARow = one ? inARow + 1 : 0;
        longest = Math.max(longest, inARow);
      }
      return longest;
    }

    double mean() {
      return accuracies.stream().mapToDouble(a -> a).average().orElseThrow();
    }

    double last() {
      return accuracies.get(accuracies.size() - 1);
    }
  }

  /**
   * Runs it.
   *
   * @param args a backbone, two folders with a folder a label, and where embeddings are kept:
   *     {@code BACKBONE TRAIN TEST CACHE}
   */
  public static void main(String[] args) throws Exception {
    GateBench bench = new GateBench();
    new CandidateTrainer(bench.settings).warmUp();
    for (BenchSets set :
        BenchSets.of(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3]))) {
      System.out.printf("%s: %d orders%n", set.name(), ORDERS);
      bench.rules.forEach((name, rule) -> bench.measure(set, name, rule));
    }
  }

  private void measure(BenchSets set, String name, Predicate<PairedEvaluation> rule) {
    List<Run> runs = new ArrayList<>();
    for (int order = 0; order < ORDERS; order++) {
      List<Sample> samples = new ArrayList<>(set.known());
      Collections.shuffle(samples, new Random(order));
      runs.add(run(samples.subList(0, Math.min(MOST, samples.size())), set.unseen(), rule));
    }
    System.out.printf(
        "  %-26s %4d heads, %5.1f %% refused, at most %3d in a row; answers right %.1f %% on the"
            + " way, %.1f %% in the end%n",
        name,
        runs.stream().mapToInt(Run::heads).sum(),
        100.0
            * runs.stream().mapToInt(Run::rejections).sum()
            / runs.stream().mapToInt(Run::heads).sum(),
        runs.stream().mapToInt(Run::longest).max().orElseThrow(),
        100 * runs.stream().mapToDouble(Run::mean).average().orElseThrow(),
        100 * runs.stream().mapToDouble(Run::last).average().orElseThrow());
  }

  private Run run(List<Sample> samples, List<Sample> unseen, Predicate<PairedEvaluation> rule) {
    CandidateTrainer trainer = new CandidateTrainer(settings);
    Dataset dataset = new Dataset();
    Run run = new Run(new ArrayList<>(), new ArrayList<>());
    Optional<Head> champion = Optional.empty();
    for (int n = 1; n <= samples.size(); n++) {
      Sample sample = samples.get(n - 1);
      dataset.apply(sample.id(), BenchSets.example(sample), 0, n - 1);
      var all = dataset.examples(settings.minExamplesPerLabel());
      if (n % STEP == 0 && all.isPresent()) {
        Candidate candidate = trainer.train(all.get(), champion);
        boolean passes =
            candidate
                .paired()
                .map(rule::test)
                .orElseGet(() -> gate.rejection(candidate.measures()).isEmpty());
        champion = passes ? Optional.of(head(trainer, candidate, n)) : champion;
        run.rejected.add(!passes);
        run.accuracies.add(champion.map(head -> BenchSets.accuracy(head, unseen)).orElse(0.0));
      }
    }
    return run;
  }

  private static Head head(CandidateTrainer trainer, Candidate candidate, int examples) {
    return trainer.head(candidate, examples, Map.of(0, (long) examples), null, null, 0, VERDICT);
  }

  /** The rule that asks how far the champion's accuracy is known on as many examples. */
  private static boolean withinItsError(PairedEvaluation paired) {
    double accuracy = paired.champion();
    return paired.fall() <= Math.sqrt(accuracy * (1 - accuracy) / paired.examples()) + 1e-9;
  }

  private boolean labelsKeep(PairedEvaluation paired) {
    return paired.labels().stream()
        .filter(label -> label.examples() >= 10)
        .mapToDouble(LabelCounts::fall)
        .allMatch(fall -> fall <= settings.maxLabelRegression() + 1e-9);
  }
}

package io.afina.trainer;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.decide.Acceptance.Point;
import io.afina.decide.JudgedAnswer;
import io.afina.model.HeadRecipe;
import io.afina.model.layer.Layer;
import io.afina.trainer.BenchSets.Sample;
import io.afina.trainer.DecideGuarantees.Guarantee;
import io.afina.trainer.DecideGuarantees.Rule;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadRace;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.judge.Calibration;
import io.afina.trainer.judge.Evaluation;
import io.afina.trainer.judge.Holdout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Measures what decisions promise and keep, run by hand ({@code src/docs/benchmarks.md} says how):
 * over random splits the share of splits in which accepted predictions are right less often than
 * promised, and how many are accepted beside an oracle that knows the answers; then how soon
 * audited answers correct a head when the light changes.
 */
final class DecideBench {

  private static final int SPLITS = Integer.getInteger("afina.splits", 50);
  private static final int FOLDS = 5;

  /** Examples of a split that are trained on and judge; the others are the truth. */
  private static final int KNOWN = 1600;

  private static final double[] PROMISES = {0.90, 0.95, 0.98};

  private final TrainerConfig settings = ConfigLoader.defaults().load().trainer();
  private final HeadTraining training = new HeadTraining(settings.hidden(), settings.seed());

  /**
   * A split.
   *
   * @param fifth what the first fold's stand-in said
   * @param folds what all stand-ins said, each of its own fold
   * @param truth what the head said, which was trained on all folds
   * @param changed what it said of pictures in another light
   */
  private record Split(List<Said> fifth, List<Said> folds, List<Said> truth, List<Said> changed) {}

  /** What was said of an example, with every candidate for a score. */
  private record Said(String predicted, boolean right, double[] scores) {

    JudgedAnswer by(int score) {
      return new JudgedAnswer(predicted, scores[score], right, true, 0);
    }
  }

  /**
   * What became of a promise in one split.
   *
   * @param precision among the truth of the split, which is few
   * @param pooled among the truths of all splits, each by its own head
   */
  private record Outcome(double accepted, double precision, double pooled, double oracle) {}

  /**
   * Runs it.
   *
   * @param args where embeddings are kept, two folders with a folder a label, backbones: {@code
   *     CACHE TRAIN TEST BACKBONE…}
   */
  public static void main(String[] args) throws Exception {
    DecideBench bench = new DecideBench();
    bench.training.warmUp();
    for (String backbone : List.of(args).subList(3, args.length)) {
      Path file = Path.of(backbone);
      Path cache = Path.of(args[0]);
      bench.measure(
          BenchSets.photographs(file, Path.of(args[1]), Path.of(args[2]), cache), List.of());
      bench.measure(BenchSets.drawn(file, cache), BenchSets.darkened(file, cache).unseen());
    }
  }

  private void measure(BenchSets set, List<Sample> darkened) {
    ExampleSet first = examples(shuffled(set, 0).subList(0, KNOWN));
    HeadRecipe recipe =
        HeadRace.run(training, training.recipes(first, Optional.empty()), first).winner();
    List<Split> splits = new ArrayList<>();
    for (int seed = 0; seed < SPLITS; seed++) {
      List<Sample> samples = shuffled(set, seed);
      ExampleSet known = examples(samples.subList(0, KNOWN));
      ExampleSet truth = examples(samples.subList(KNOWN, samples.size()));
      splits.add(split(recipe, known, truth, darkened));
    }
    System.out.printf("%n%s, %s, %d splits%n", set.name(), recipe.text(), SPLITS);
    for (double promise : PROMISES) {
      for (int score = 0; score < DecideScores.NAMES.size(); score++) {
        Guarantee guarantee = DecideGuarantees::learnThenTest;
        print(promise, DecideScores.NAMES.get(score), splits, score, guarantee, false);
      }
      for (Map.Entry<String, Guarantee> one : DecideGuarantees.all().entrySet()) {
        print(promise, one.getKey() + ", a fifth judges", splits, 0, one.getValue(), true);
        print(promise, one.getKey() + ", all folds", splits, 0, one.getValue(), false);
      }
      recover(promise, "light as it was", splits, Split::truth);
      if (!darkened.isEmpty()) {
        recover(promise, "light changes", splits, Split::changed);
      }
    }
  }

  private static void recover(
      double promise, String what, List<Split> splits, Function<Split, List<Said>> audited) {
    DecideRecovery recovery = new DecideRecovery(promise, what);
    for (int n = 0; n < splits.size(); n++) {
      Split split = splits.get(n);
      recovery.add(answers(split.folds(), 0), answers(audited.apply(split), 0), n);
    }
    recovery.print();
  }

  private static List<Sample> shuffled(BenchSets set, int seed) {
    List<Sample> samples = new ArrayList<>(set.known());
    samples.addAll(set.unseen());
    Collections.shuffle(samples, new Random(seed));
    return samples;
  }

  private Split split(
      HeadRecipe recipe, ExampleSet known, ExampleSet truth, List<Sample> darkened) {
    int[] folds = Holdout.folds(known, FOLDS);
    List<List<Said>> said = new ArrayList<>();
    double temperature = 1;
    for (int n = 0; n < FOLDS; n++) {
      int fold = n;
      ExampleSet rest = known.where(row -> folds[row] != fold);
      ExampleSet judges = known.where(row -> folds[row] == fold);
      List<Layer> layers = train(recipe, rest);
      if (n == 0) {
        Evaluation evaluation = new Evaluation();
        evaluation.add(rest.labels(), layers, judges);
        temperature = Calibration.temperature(evaluation);
      }
      said.add(said(rest, judges, layers, temperature));
    }
    List<Layer> head = train(recipe, known);
    return new Split(
        said.get(0),
        said.stream().flatMap(List::stream).toList(),
        said(known, truth, head, temperature),
        darkened.isEmpty() ? List.of() : said(known, examples(darkened), head, temperature));
  }

  private List<Layer> train(HeadRecipe recipe, ExampleSet examples) {
    return training.train(recipe, examples, Optional.empty(), Optional.empty()).layers();
  }

  private static List<Said> said(
      ExampleSet known, ExampleSet asked, List<Layer> layers, double temperature) {
    double[] distances = DecideScores.mahalanobis(known, asked);
    return IntStream.range(0, asked.size())
        .mapToObj(
            row -> {
              float[] logits = Layer.logits(layers, asked.embedding(row));
              String label = known.labels().get(DecideScores.largest(logits));
              return new Said(
                  label,
                  label.equals(asked.label(row)),
                  DecideScores.of(logits, temperature, distances[row]));
            })
        .toList();
  }

  private static ExampleSet examples(List<Sample> samples) {
    Dataset dataset = new Dataset();
    for (int n = 0; n < samples.size(); n++) {
      dataset.apply(samples.get(n).id(), BenchSets.example(samples.get(n)), 0, n);
    }
    return dataset.examples(1).orElseThrow();
  }

  private static void print(
      double promise, String what, List<Split> splits, int by, Guarantee guarantee, boolean fifth) {
    List<JudgedAnswer> pool =
        splits.stream().flatMap(split -> answers(split.truth(), by).stream()).toList();
    List<Outcome> outcomes =
        splits.stream()
            .map(
                split ->
                    outcome(
                        guarantee.rule(answers(fifth ? split.fifth() : split.folds(), by), promise),
                        answers(split.truth(), by),
                        pool,
                        promise))
            .toList();
    double accepted = outcomes.stream().mapToDouble(Outcome::accepted).average().orElseThrow();
    double oracle = outcomes.stream().mapToDouble(Outcome::oracle).average().orElseThrow();
    System.out.printf(
        "  %.2f  %-44s below %3.0f %% (pooled %3.0f %%)   right %5.1f %%   accepted %5.1f %%   oracle %5.1f %%   of it %.2f%n",
        promise,
        what,
        100.0 * outcomes.stream().filter(o -> o.precision() < promise).count() / outcomes.size(),
        100.0 * outcomes.stream().filter(o -> o.pooled() < promise).count() / outcomes.size(),
        100 * outcomes.stream().mapToDouble(Outcome::precision).average().orElseThrow(),
        100 * accepted,
        100 * oracle,
        oracle == 0 ? 1 : accepted / oracle);
  }

  private static List<JudgedAnswer> answers(List<Said> said, int by) {
    return said.stream().map(one -> one.by(by)).toList();
  }

  /** Where nothing is accepted, no promise is broken. */
  private static Outcome outcome(
      Rule rule, List<JudgedAnswer> truth, List<JudgedAnswer> pool, double promise) {
    List<JudgedAnswer> accepted = truth.stream().filter(rule::accepts).toList();
    return new Outcome(
        (double) accepted.size() / truth.size(),
        precision(accepted),
        precision(pool.stream().filter(rule::accepts).toList()),
        DecideGuarantees.share(truth, promise)
            .map(Point::accepted)
            .map(oracle -> (double) oracle / truth.size())
            .orElse(0.0));
  }

  static double precision(List<JudgedAnswer> accepted) {
    return accepted.stream().mapToInt(answer -> answer.right() ? 1 : 0).average().orElse(1);
  }
}

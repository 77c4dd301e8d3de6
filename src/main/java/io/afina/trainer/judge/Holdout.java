package io.afina.trainer.judge;

import io.afina.event.Sha256;
import io.afina.trainer.data.ExampleSet;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Splits examples for evaluation: into a training set and a holdout, or into folds for
 * cross-validation. A hash of the image id decides, so that an example stays on its side for ever,
 * whatever comes later and whoever trains.
 */
public final class Holdout {

  /** From so many examples on, at least one of a label is held out. */
  private static final int ENOUGH = 5;

  /** At least so many examples of a label are trained on. */
  private static final int KEPT = 3;

  private Holdout() {}

  /** One example in so many is kept for selection. */
  private static final int SELECTION = 5;

  /** Disjoint sets; a head is trained on one and evaluated on the other. */
  public record Split(ExampleSet train, ExampleSet holdout) {}

  /**
   * Splits every label alike (stratified).
   *
   * @param share of the examples to hold out, 0 to 1
   */
  public static Split split(ExampleSet all, double share) {
    BitSet held = new BitSet();
    double[] hashes = hashes(all);
    for (int[] rows : byLabel(all, hashes)) {
      int wanted = (int) IntStream.of(rows).filter(row -> hashes[row] < share).count();
      int least = share > 0 && rows.length >= ENOUGH ? 1 : 0;
      int most = rows.length < ENOUGH ? 0 : rows.length - KEPT;
      int count = Math.min(most, Math.max(least, wanted));
      IntStream.of(rows).limit(count).forEach(held::set);
    }
    return new Split(all.where(row -> !held.get(row)), all.where(held::get));
  }

  /**
   * Splits what is trained on once more: keeps some of every label that has enough for the choice
   * of an epoch. Those that judge are no longer among them.
   */
  public static Split selection(ExampleSet train) {
    BitSet held = new BitSet();
    for (int[] rows : byLabel(train, hashes(train))) {
      for (int i = 0; i < rows.length && rows.length >= ENOUGH; i += SELECTION) {
        held.set(rows[i]);
      }
    }
    return new Split(train.where(row -> !held.get(row)), train.where(held::get));
  }

  /**
   * Deals the examples of every label over folds in turn (stratified).
   *
   * @return the fold of every example
   */
  public static int[] folds(ExampleSet all, int folds) {
    int[] fold = new int[all.size()];
    double[] hashes = hashes(all);
    for (int[] rows : byLabel(all, hashes)) {
      for (int i = 0; i < rows.length; i++) {
        fold[rows[i]] = i % folds;
      }
    }
    return fold;
  }

  private static double[] hashes(ExampleSet all) {
    return all.examples().stream()
        .mapToDouble(example -> Sha256.fraction(example.id().getBytes(StandardCharsets.UTF_8)))
        .toArray();
  }

  /** The indices of every label's examples, smallest hash first. */
  private static List<int[]> byLabel(ExampleSet all, double[] hashes) {
    return IntStream.range(0, all.labels().size())
        .mapToObj(
            label ->
                IntStream.range(0, all.size())
                    .filter(row -> all.targets()[row] == label)
                    .boxed()
                    .sorted((a, b) -> Double.compare(hashes[a], hashes[b]))
                    .mapToInt(Integer::intValue)
                    .toArray())
        .toList();
  }
}

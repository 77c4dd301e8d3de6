package io.afina.trainer.fit;

import io.afina.event.Sha256;
import io.afina.trainer.data.ExampleSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples to train on in a race, and others that none of its heads saw then.
 *
 * @param known to train on
 * @param unseen with no label that {@code known} lacks
 */
record RaceSplit(ExampleSet known, ExampleSet unseen) {

  private static final int FOLDS = 5;

  /** With so many unseen examples more folds would tell little more. */
  private static final int ENOUGH = 1200;

  /** Of more examples so many take part. */
  private static final int MOST = 5000;

  /** As many folds as are needed, of every label alike; a hash of the image id deals them. */
  static List<RaceSplit> of(ExampleSet examples) {
    int[] fold = folds(examples);
    List<RaceSplit> splits = new ArrayList<>();
    int unseen = 0;
    for (int n = 0; n < FOLDS && unseen < ENOUGH; n++) {
      int left = n;
      ExampleSet known = examples.where(row -> fold[row] >= 0 && fold[row] != left);
      ExampleSet other = examples.where(row -> fold[row] == left).among(known.labels());
      if (known.labels().size() > 1 && other.size() > 0) {
        splits.add(new RaceSplit(known, other));
        unseen += other.size();
      }
    }
    return splits;
  }

  /** The fold of every example, or -1 where it takes no part. */
  private static int[] folds(ExampleSet examples) {
    double[] hashes =
        examples.examples().stream()
            .mapToDouble(example -> Sha256.fraction(example.id().getBytes(StandardCharsets.UTF_8)))
            .toArray();
    double share = Math.min(1, (double) MOST / examples.size());
    int[] fold = new int[examples.size()];
    Arrays.fill(fold, -1);
    List<List<Integer>> rows = rowsByLabel(examples);
    for (List<Integer> label : rows) {
      label.sort(Comparator.comparingDouble(row -> hashes[row]));
      int taken = (int) Math.ceil(share * label.size());
      for (int i = 0; i < taken; i++) {
        fold[label.get(i)] = i % FOLDS;
      }
    }
    return fold;
  }

  private static List<List<Integer>> rowsByLabel(ExampleSet examples) {
    List<List<Integer>> rows = new ArrayList<>();
    examples.labels().forEach(label -> rows.add(new ArrayList<>()));
    IntStream.range(0, examples.size()).forEach(row -> rows.get(examples.targets()[row]).add(row));
    return rows;
  }
}

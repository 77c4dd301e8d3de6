package io.afina.trainer.judge;

import io.afina.trainer.data.ExampleSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which examples are held back to judge heads. A hash of the image id decides, so that an example
 * stays on its side for ever, whatever comes later and whoever trains.
 */
public final class Holdout {

  /** From so many examples on, a label has one held back even if no hash says so. */
  private static final int ENOUGH = 5;

  /** A label keeps so many to be trained on, whatever the hashes say. */
  private static final int KEPT = 3;

  private Holdout() {}

  /** The two sides; a head is trained on one and judged on the other. */
  public record Split(ExampleSet train, ExampleSet holdout) {}

  /**
   * Splits.
   *
   * @param share of the examples to hold back, 0 to 1
   */
  public static Split split(ExampleSet all, double share) {
    BitSet held = new BitSet();
    double[] hashes = all.rows().stream().mapToDouble(row -> hash(row.id())).toArray();
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
   * Deals the rows of every label over folds in turn.
   *
   * @return the fold of every row
   */
  public static int[] folds(ExampleSet all, int folds) {
    int[] fold = new int[all.size()];
    double[] hashes = all.rows().stream().mapToDouble(row -> hash(row.id())).toArray();
    for (int[] rows : byLabel(all, hashes)) {
      for (int i = 0; i < rows.length; i++) {
        fold[rows[i]] = i % folds;
      }
    }
    return fold;
  }

  /** A number from 0 to 1, the same for an id on every machine. */
  static double hash(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The rows of every label, smallest hash first. */
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
        .filter(rows -> Arrays.stream(rows).findAny().isPresent())
        .toList();
  }
}

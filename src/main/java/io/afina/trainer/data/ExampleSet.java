package io.afina.trainer.data;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Examples of one backbone as training sees them: a view of the dataset, valid until that changes.
 *
 * @param labels sorted
 * @param rows in the order of their ids
 * @param targets index into the labels, one a row
 */
public record ExampleSet(
    String backbone,
    EmbeddingBlocks embeddings,
    List<String> labels,
    List<Dataset.Row> rows,
    int[] targets) {

  public int size() {
    return rows.size();
  }

  public int width() {
    return embeddings.width();
  }

  public String label(int row) {
    return labels.get(targets[row]);
  }

  /** One embedding in single precision. */
  public float[] embedding(int row) {
    float[] values = new float[width()];
    copy(row, values, 0);
    return values;
  }

  public void copy(int row, float[] into, int at) {
    embeddings.copy(rows.get(row).slot(), into, at);
  }

  /** Appends one embedding in half precision. */
  public void copyHalves(int row, ByteBuffer into) {
    embeddings.copyHalves(rows.get(row).slot(), into);
  }

  /** How many rows each label has, in the order of the labels. */
  public int[] counts() {
    int[] counts = new int[labels.size()];
    for (int target : targets) {
      counts[target]++;
    }
    return counts;
  }

  /** The rows that somebody who read so far has seen. */
  public ExampleSet before(Map<Integer, Long> offsets) {
    return where(row -> rows.get(row).isBefore(offsets));
  }

  /** The rows that came later. */
  public ExampleSet since(Map<Integer, Long> offsets) {
    return where(row -> !rows.get(row).isBefore(offsets));
  }

  /** The rows that were asked about because chance would have it. */
  public ExampleSet drawn() {
    return where(row -> rows.get(row).drawn());
  }

  /** The same rows, their targets counted in another list of labels that has all of theirs. */
  public ExampleSet labelledBy(List<String> others) {
    return new ExampleSet(
        backbone,
        embeddings,
        others,
        rows,
        IntStream.range(0, size()).map(row -> others.indexOf(label(row))).toArray());
  }

  /** The rows that came last, at most {@code count}. */
  public ExampleSet newest(int count) {
    long from =
        rows.stream()
            .map(Dataset.Row::arrived)
            .sorted(Comparator.reverseOrder())
            .limit(count)
            .reduce(Long.MAX_VALUE, Math::min);
    return where(row -> rows.get(row).arrived() >= from);
  }

  /** Some of the rows, with the labels that they bear. */
  public ExampleSet where(IntPredicate chosen) {
    int[] kept = IntStream.range(0, size()).filter(chosen).toArray();
    List<String> left = IntStream.of(kept).mapToObj(this::label).distinct().sorted().toList();
    return new ExampleSet(
        backbone,
        embeddings,
        left,
        IntStream.of(kept).mapToObj(rows::get).toList(),
        IntStream.of(kept).map(row -> left.indexOf(label(row))).toArray());
  }
}

package io.afina.trainer.data;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A labelled set of examples of one backbone, for training and evaluation: a view of the dataset,
 * valid until that changes.
 *
 * @param labels sorted
 * @param examples in the order of their ids
 * @param targets index into the labels, one an example
 */
public record ExampleSet(
    String backbone,
    EmbeddingBlocks embeddings,
    List<String> labels,
    List<Example> examples,
    int[] targets) {

  public int size() {
    return examples.size();
  }

  public int width() {
    return embeddings.width();
  }

  public String label(int row) {
    return labels.get(targets[row]);
  }

  /** How many examples each label has, in the order of the labels. */
  public int[] counts() {
    int[] counts = new int[labels.size()];
    for (int target : targets) {
      counts[target]++;
    }
    return counts;
  }

  /** One embedding in single precision, a new array. */
  public float[] embedding(int row) {
    float[] values = new float[width()];
    copy(row, values, 0);
    return values;
  }

  /** Writes one embedding in single precision. */
  public void copy(int row, float[] into, int at) {
    embeddings.copy(examples.get(row).slot(), into, at);
  }

  /** The examples that stand before these offsets, by partition. */
  public ExampleSet before(Map<Integer, Long> offsets) {
    return where(row -> examples.get(row).isBefore(offsets));
  }

  /** The examples that stand at these offsets or after them, by partition. */
  public ExampleSet since(Map<Integer, Long> offsets) {
    return where(row -> !examples.get(row).isBefore(offsets));
  }

  /** The examples whose images were sent to review by the random sample. */
  public ExampleSet audited() {
    return where(row -> examples.get(row).audited());
  }

  /** The same examples with targets in another list of labels that has all of theirs. */
  public ExampleSet labelledBy(List<String> others) {
    Map<String, Integer> indices = indices(others);
    int[] moved = labels.stream().mapToInt(label -> indices.getOrDefault(label, -1)).toArray();
    return new ExampleSet(
        backbone,
        embeddings,
        others,
        examples,
        IntStream.of(targets).map(target -> moved[target]).toArray());
  }

  /** The examples that bear one of these labels, with targets among them. */
  public ExampleSet among(List<String> others) {
    Set<String> known = Set.copyOf(others);
    return where(row -> known.contains(label(row))).labelledBy(others);
  }

  /** Where each label stands. */
  static Map<String, Integer> indices(List<String> labels) {
    Map<String, Integer> indices = new HashMap<>();
    for (int n = 0; n < labels.size(); n++) {
      indices.putIfAbsent(labels.get(n), n);
    }
    return indices;
  }

  /** The examples that arrived last, at most {@code count}. */
  public ExampleSet newest(int count) {
    long from =
        examples.stream()
            .map(Example::arrived)
            .sorted(Comparator.reverseOrder())
            .limit(count)
            .reduce(Long.MAX_VALUE, Math::min);
    return where(row -> examples.get(row).arrived() >= from);
  }

  /** The examples that are chosen by their index, with only the labels that they have. */
  public ExampleSet where(IntPredicate chosen) {
    int[] kept = IntStream.range(0, size()).filter(chosen).toArray();
    return new ExampleSet(
            backbone,
            embeddings,
            labels,
            IntStream.of(kept).mapToObj(examples::get).toList(),
            IntStream.of(kept).map(row -> targets[row]).toArray())
        .labelledBy(IntStream.of(kept).mapToObj(this::label).distinct().sorted().toList());
  }
}

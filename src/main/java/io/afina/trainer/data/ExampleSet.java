package io.afina.trainer.data;

import io.afina.label.LabelTable;
import io.afina.label.OutputLabels;
import io.afina.model.HeadCard;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A labelled set of examples of one backbone, for training and evaluation: a view of the dataset,
 * valid until that changes.
 *
 * @param backbone whose embeddings are read; every example has one
 * @param blocks of all backbones
 * @param table what labels are called
 * @param labels their names, sorted
 * @param examples in the order of their ids
 * @param targets index into the labels, one an example
 */
public record ExampleSet(
    String backbone,
    Map<String, EmbeddingBlocks> blocks,
    LabelTable table,
    List<String> labels,
    List<Example> examples,
    int[] targets) {

  public int size() {
    return examples.size();
  }

  public int width() {
    return embeddings().width();
  }

  /** Where the embeddings are kept. */
  public EmbeddingBlocks embeddings() {
    return Objects.requireNonNull(blocks.get(backbone), "there is no such backbone");
  }

  /** The slot of an example's embedding in {@link #embeddings()}. */
  public int slot(int row) {
    return Objects.requireNonNull(
        examples.get(row).slots().get(backbone), "an example has no embedding of the backbone");
  }

  /** Whether a head takes embeddings that are kept here, of whichever backbone. */
  public boolean suit(HeadCard head) {
    EmbeddingBlocks own = blocks.get(head.backbone());
    return own != null && own.width() == head.inputs();
  }

  /** The examples that have an embedding of another backbone, as a set of that one. */
  public ExampleSet in(String other) {
    if (other.equals(backbone)) {
      return this;
    }
    ExampleSet both = where(row -> examples.get(row).has(other));
    return new ExampleSet(other, blocks, table, both.labels, both.examples, both.targets);
  }

  public String label(int row) {
    return labels.get(targets[row]);
  }

  /** What the outputs of a head are called in this set. */
  public OutputLabels called(List<String> outputs) {
    Map<String, String> own = new HashMap<>();
    labels.forEach(label -> own.put(table.id(label), label));
    OutputLabels called = OutputLabels.of(outputs, table);
    return new OutputLabels(
        called.names().stream().map(name -> own.getOrDefault(table.id(name), name)).toList(),
        called.places());
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
    embeddings().copy(slot(row), into, at);
  }

  /** The examples that a head has learned. */
  public ExampleSet learnedBy(HeadCard head) {
    return where(row -> examples.get(row).isLearnedBy(head));
  }

  /** The examples that came after a head was trained. */
  public ExampleSet newTo(HeadCard head) {
    return where(row -> !examples.get(row).isLearnedBy(head));
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
        blocks,
        table,
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
            blocks,
            table,
            labels,
            IntStream.of(kept).mapToObj(examples::get).toList(),
            IntStream.of(kept).map(row -> targets[row]).toArray())
        .labelledBy(IntStream.of(kept).mapToObj(this::label).distinct().sorted().toList());
  }
}

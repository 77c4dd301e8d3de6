package io.afina.trainer.data;

import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.Vote;
import io.afina.model.Disagreement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every training example, by image id, in half precision: two bytes a value and about 200 bytes an
 * example besides. For one thread.
 */
public final class Dataset {

  private final Consensus consensus;
  private final Map<String, Row> rows = new HashMap<>();
  private final Map<String, EmbeddingBlocks> embeddings = new HashMap<>();
  private @Nullable String newestBackbone;
  private long changes;

  /** The last word on an image counts. */
  public Dataset() {
    this(Consensus.LAST);
  }

  /**
   * An empty dataset.
   *
   * @param consensus what makes an image an example
   */
  public Dataset(Consensus consensus) {
    this.consensus = consensus;
  }

  /**
   * An example as it is kept.
   *
   * @param partition of {@code training} where it stands, and {@code offset} there
   * @param arrived counts the changes of the dataset
   * @param slot of its embedding
   * @param drawn whether somebody was asked about it because chance would have it
   * @param decided whether enough labellers agree; if not, the label is the last word, and it is no
   *     example yet
   * @param votes of everybody, where several said what it is
   */
  public record Row(
      String id,
      String label,
      String backbone,
      int partition,
      long offset,
      long arrived,
      int slot,
      boolean drawn,
      boolean decided,
      List<Vote> votes) {

    public Row(
        String id,
        String label,
        String backbone,
        int partition,
        long offset,
        long arrived,
        int slot) {
      this(id, label, backbone, partition, offset, arrived, slot, false, true, List.of());
    }

    /** Whether somebody who read so far has seen it. */
    boolean isBefore(Map<Integer, Long> offsets) {
      return offset < offsets.getOrDefault(partition, 0L);
    }
  }

  /** Adds or replaces an example; null removes it. */
  public void apply(String id, @Nullable TrainingExample example, int partition, long offset) {
    remove(id);
    if (example != null) {
      add(id, example, partition, offset);
    }
  }

  public int size() {
    return rows.size();
  }

  /** How many examples each label has, of every backbone, spelled as they came. */
  public Map<String, Integer> countsByLabel() {
    return rows.values().stream()
        .collect(Collectors.toMap(Row::label, row -> 1, Integer::sum, TreeMap::new));
  }

  /** Where people did not say the same. */
  public Disagreement disagreement() {
    return DisagreementCounter.of(rows.values());
  }

  /**
   * The examples of the backbone that the newest example comes from, in the order of their ids, so
   * that the same examples always train the same head.
   *
   * @param fewest examples that a label needs to be among them
   * @return empty while there are fewer than two such labels
   */
  public Optional<ExampleSet> examples(int fewest) {
    String backbone = newestBackbone;
    EmbeddingBlocks blocks = backbone == null ? null : embeddings.get(backbone);
    if (backbone == null || blocks == null) {
      return Optional.empty();
    }
    List<Row> chosen = withCommonLabels(of(backbone), fewest);
    Map<String, String> spellings =
        LabelSpelling.spellings(chosen.stream().map(Row::label).toList());
    List<String> labels = spellings.values().stream().sorted().toList();
    if (labels.size() < 2) {
      return Optional.empty();
    }
    Map<String, Integer> indices = new HashMap<>();
    spellings.forEach((key, spelling) -> indices.put(key, labels.indexOf(spelling)));
    int[] targets =
        chosen.stream()
            .mapToInt(row -> indices.getOrDefault(LabelSpelling.key(row.label()), 0))
            .toArray();
    return Optional.of(new ExampleSet(backbone, blocks, labels, chosen, targets));
  }

  private List<Row> of(String backbone) {
    return rows.values().stream()
        .filter(row -> row.decided() && row.backbone().equals(backbone))
        .sorted(Comparator.comparing(Row::id))
        .toList();
  }

  private static List<Row> withCommonLabels(List<Row> rows, int fewest) {
    Map<String, Long> counts =
        rows.stream()
            .collect(
                Collectors.groupingBy(r -> LabelSpelling.key(r.label()), Collectors.counting()));
    return rows.stream()
        .filter(row -> counts.getOrDefault(LabelSpelling.key(row.label()), 0L) >= fewest)
        .toList();
  }

  private void add(String id, TrainingExample example, int partition, long offset) {
    float[] values = example.embedding().values();
    String backbone = example.embedding().backbone();
    EmbeddingBlocks blocks =
        embeddings.computeIfAbsent(backbone, b -> new EmbeddingBlocks(values.length));
    newestBackbone = backbone;
    Optional<String> label = consensus.label(example);
    rows.put(
        id,
        new Row(
            id,
            label.orElse(example.label()),
            backbone,
            partition,
            offset,
            ++changes,
            blocks.add(values),
            example.asked() == ReviewReason.AUDIT,
            label.isPresent(),
            example.votes()));
  }

  private void remove(String id) {
    Row old = rows.remove(id);
    EmbeddingBlocks blocks = old == null ? null : embeddings.get(old.backbone());
    if (old != null && blocks != null) {
      blocks.remove(old.slot());
    }
  }
}

package io.afina.trainer.data;

import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
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
 * Keeps all training examples in memory, by image id and in half precision: two bytes a value and
 * about 200 bytes an example besides. For one thread.
 */
public final class Dataset {

  private final Consensus consensus;
  private final Map<String, Example> examples = new HashMap<>();
  private final Map<String, EmbeddingBlocks> embeddings = new HashMap<>();
  private @Nullable String newestBackbone;
  private long changes;

  /** An empty dataset that takes the last label of an image. */
  public Dataset() {
    this(Consensus.LAST);
  }

  /**
   * An empty dataset.
   *
   * @param consensus decides the label of an image
   */
  public Dataset(Consensus consensus) {
    this.consensus = consensus;
  }

  /** Adds or replaces an example; null removes it. */
  public void apply(String id, @Nullable TrainingExample example, int partition, long offset) {
    remove(id);
    if (example != null) {
      add(id, example, partition, offset);
    }
  }

  public int size() {
    return examples.size();
  }

  /** How many examples each label has, over all backbones, each spelling by itself. */
  public Map<String, Integer> countsByLabel() {
    return examples.values().stream()
        .collect(Collectors.toMap(Example::label, example -> 1, Integer::sum, TreeMap::new));
  }

  /** How the labellers disagree. */
  public Disagreement disagreement() {
    return DisagreementCounter.of(examples.values());
  }

  /**
   * The decided examples of the newest example's backbone, in the order of their ids, so that the
   * same examples always train the same head.
   *
   * @param fewest examples that a label needs not to be left out
   * @return empty while there are fewer than two such labels
   */
  public Optional<ExampleSet> examples(int fewest) {
    String backbone = newestBackbone;
    EmbeddingBlocks blocks = backbone == null ? null : embeddings.get(backbone);
    if (backbone == null || blocks == null) {
      return Optional.empty();
    }
    List<Example> chosen = withCommonLabels(of(backbone), fewest);
    Map<String, String> spellings =
        LabelSpelling.spellings(chosen.stream().map(Example::label).toList());
    List<String> labels = spellings.values().stream().sorted().toList();
    if (labels.size() < 2) {
      return Optional.empty();
    }
    Map<String, Integer> indices = new HashMap<>();
    spellings.forEach((key, spelling) -> indices.put(key, labels.indexOf(spelling)));
    int[] targets =
        chosen.stream()
            .mapToInt(e -> indices.getOrDefault(LabelSpelling.key(e.label()), 0))
            .toArray();
    return Optional.of(new ExampleSet(backbone, blocks, labels, chosen, targets));
  }

  private List<Example> of(String backbone) {
    return examples.values().stream()
        .filter(example -> example.decided() && example.backbone().equals(backbone))
        .sorted(Comparator.comparing(Example::id))
        .toList();
  }

  private static List<Example> withCommonLabels(List<Example> all, int fewest) {
    Map<String, Long> counts =
        all.stream()
            .collect(
                Collectors.groupingBy(e -> LabelSpelling.key(e.label()), Collectors.counting()));
    return all.stream()
        .filter(e -> counts.getOrDefault(LabelSpelling.key(e.label()), 0L) >= fewest)
        .toList();
  }

  private void add(String id, TrainingExample example, int partition, long offset) {
    float[] values = example.embedding().values();
    String backbone = example.embedding().backbone();
    EmbeddingBlocks blocks =
        embeddings.computeIfAbsent(backbone, b -> new EmbeddingBlocks(values.length));
    newestBackbone = backbone;
    Optional<String> label = consensus.label(example);
    examples.put(
        id,
        new Example(
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
    Example old = examples.remove(id);
    EmbeddingBlocks blocks = old == null ? null : embeddings.get(old.backbone());
    if (old != null && blocks != null) {
      blocks.remove(old.slot());
    }
  }
}

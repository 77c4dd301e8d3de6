package io.afina.trainer.data;

import io.afina.event.MalformedRecordException;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.model.Disagreement;
import io.afina.model.LeftOut;
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

  /**
   * Adds or replaces an example; null removes it.
   *
   * @throws MalformedRecordException when its embedding is not as long as those before, of the same
   *     backbone; the example before it is gone then
   */
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

  /** The decided examples of all labels that have so many, see {@link #select}. */
  public Optional<ExampleSet> examples(int fewest) {
    return select(fewest, Integer.MAX_VALUE).examples();
  }

  /**
   * What a head can be trained on.
   *
   * @param examples the decided ones of the newest example's backbone, in the order of their ids,
   *     so that the same examples always train the same head; empty with fewer than two labels
   * @param labels how many labels have enough examples and were selected
   * @param only the one label that has enough examples, where there is just one
   * @param leftOut labels with enough examples that are too many, or null when there are none
   */
  public record Selection(
      Optional<ExampleSet> examples,
      int labels,
      Optional<String> only,
      @Nullable LeftOut leftOut) {}

  /**
   * Selects examples.
   *
   * @param fewest that a label needs not to be left out
   * @param most labels; the commonest are selected, and of equally common ones those that were
   *     there first
   */
  public Selection select(int fewest, int most) {
    String backbone = newestBackbone;
    EmbeddingBlocks blocks = backbone == null ? null : embeddings.get(backbone);
    if (backbone == null || blocks == null) {
      return new Selection(Optional.empty(), 0, Optional.empty(), null);
    }
    List<Example> all = of(backbone);
    LabelSelection selected = LabelSelection.of(all, fewest, most);
    List<Example> chosen = all.stream().filter(selected::has).toList();
    Map<String, String> spellings =
        LabelSpelling.spellings(chosen.stream().map(Example::label).toList());
    List<String> labels = spellings.values().stream().sorted().toList();
    if (labels.size() < 2) {
      return new Selection(
          Optional.empty(), labels.size(), labels.stream().findFirst(), selected.leftOut());
    }
    Map<String, Integer> indices = ExampleSet.indices(labels);
    int[] targets =
        chosen.stream()
            .map(example -> spellings.getOrDefault(LabelSpelling.key(example.label()), ""))
            .mapToInt(label -> indices.getOrDefault(label, 0))
            .toArray();
    return new Selection(
        Optional.of(new ExampleSet(backbone, blocks, labels, chosen, targets)),
        labels.size(),
        Optional.empty(),
        selected.leftOut());
  }

  private List<Example> of(String backbone) {
    return examples.values().stream()
        .filter(example -> example.decided() && example.backbone().equals(backbone))
        .sorted(Comparator.comparing(Example::id))
        .toList();
  }

  private void add(String id, TrainingExample example, int partition, long offset) {
    float[] values = example.embedding().values();
    String backbone = example.embedding().backbone();
    EmbeddingBlocks blocks =
        embeddings.computeIfAbsent(backbone, b -> new EmbeddingBlocks(values.length));
    if (blocks.width() != values.length) {
      throw new MalformedRecordException(
          "has an embedding of %d numbers, but the others of its backbone have %d"
              .formatted(values.length, blocks.width()));
    }
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

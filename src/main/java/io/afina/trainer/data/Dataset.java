package io.afina.trainer.data;

import io.afina.event.Embedding;
import io.afina.event.MalformedRecordException;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.label.LabelTable;
import io.afina.model.Disagreement;
import io.afina.model.LeftOut;
import io.afina.trainer.data.Example.Origin;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all training examples in memory, by image id and in half precision: for each backbone two
 * bytes a value, and about 300 bytes an example besides. For one thread.
 */
public final class Dataset {

  private final Consensus consensus;
  private final Map<String, Example> examples = new HashMap<>();
  private final Map<String, EmbeddingBlocks> embeddings = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private LabelTable labels = LabelTable.EMPTY;
  private @Nullable String newestBackbone;
  private long arrived;
  private long changes;

  /** Of each backbone, the embeddings that came in examples that were only written again. */
  private final Map<String, Long> gained = new HashMap<>();

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
    apply(id, example, partition, offset, Instant.EPOCH);
  }

  /** The same, of a record that was written at a time. */
  void apply(
      String id, @Nullable TrainingExample example, int partition, long offset, Instant written) {
    Optional<Example> old = Optional.ofNullable(examples.remove(id));
    old.ifPresent(before -> before.slots().forEach(this::free));
    if (example == null || example.joined() == null) {
      changes++;
    }
    if (example != null) {
      add(id, example, partition, offset, written);
      if (example.joined() != null) {
        example.embeddings().stream()
            .map(Embedding::backbone)
            .filter(backbone -> old.filter(before -> before.has(backbone)).isEmpty())
            .forEach(backbone -> gained.merge(backbone, 1L, Long::sum));
      }
    }
  }

  /**
   * How many changes came so far that matter to a backbone's heads: labels that came, changed or
   * went, and embeddings that images got after their labels.
   */
  long changes(String backbone) {
    return changes + gained.getOrDefault(backbone, 0L);
  }

  /**
   * Calls labels as a table says from now on. Where examples get another label by that, or none, it
   * is a change as a new label is.
   */
  public void called(LabelTable table) {
    Map<String, Integer> before = countsByLabel();
    labels = table;
    examples.replaceAll((id, example) -> example.decided(decided(example)));
    changes += countsByLabel().equals(before) ? 0 : 1;
  }

  private Optional<String> decided(Example example) {
    return consensus.label(example.last(), example.votes(), labels);
  }

  public int size() {
    return examples.size();
  }

  /** How many examples each label has, over all backbones, by its name. */
  public Map<String, Integer> countsByLabel() {
    Map<String, String> names = names(examples.values());
    return examples.values().stream()
        .filter(example -> !labels.isRetired(example.label()))
        .collect(
            Collectors.toMap(
                example -> names.getOrDefault(labels.id(example.label()), ""),
                example -> 1,
                Integer::sum,
                TreeMap::new));
  }

  /** The names of labels by their ids; one that is in no table has its first spelling. */
  private Map<String, String> names(Collection<Example> all) {
    Map<String, String> names = new HashMap<>();
    Map<String, Long> first = new HashMap<>();
    for (Example example : all) {
      String id = labels.id(example.label());
      if (example.offset() < first.getOrDefault(id, Long.MAX_VALUE)) {
        first.put(id, example.offset());
        names.put(id, labels.name(example.label()));
      }
    }
    return names;
  }

  /** How the labellers disagree. */
  public Disagreement disagreement() {
    return DisagreementCounter.of(examples.values(), labels);
  }

  /** The backbone that classified the image of the newest label; empty without examples. */
  public Optional<String> newestBackbone() {
    return Optional.ofNullable(newestBackbone);
  }

  /** How many decided examples have an embedding of one backbone and none of another. */
  public int lacking(String there, String missing) {
    return (int)
        examples.values().stream()
            .filter(example -> example.decided() && example.has(there) && !example.has(missing))
            .count();
  }

  /** How many examples at these offsets or after them, by partition, were written again. */
  long writtenAgainSince(Map<Integer, Long> offsets) {
    return examples.values().stream()
        .filter(example -> example.joined() != null)
        .filter(example -> example.offset() >= offsets.getOrDefault(example.partition(), 0L))
        .count();
  }

  /** The decided examples of the newest backbone, of all labels that have so many. */
  public Optional<ExampleSet> examples(int fewest) {
    return newestBackbone()
        .flatMap(backbone -> select(List.of(backbone), fewest, Integer.MAX_VALUE).examples());
  }

  /** The decided examples that have embeddings of all these backbones, as a set of the first. */
  public Optional<ExampleSet> examples(List<String> backbones) {
    return select(backbones, 1, Integer.MAX_VALUE).examples();
  }

  /**
   * What a head can be trained on.
   *
   * @param examples the decided ones, in the order of their ids, so that the same examples always
   *     train the same head; empty with fewer than two labels
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
   * @param backbones of all of which an example has embeddings; the set is one of the first
   * @param fewest that a label needs not to be left out
   * @param most labels; the commonest are selected, and of equally common ones those that were
   *     there first
   */
  public Selection select(List<String> backbones, int fewest, int most) {
    List<Example> all =
        examples.values().stream()
            .filter(example -> example.decided() && backbones.stream().allMatch(example::has))
            .filter(example -> !labels.isRetired(example.label()))
            .sorted(Comparator.comparing(Example::id))
            .toList();
    LabelSelection selected = LabelSelection.of(all, fewest, most, labels);
    List<Example> chosen =
        all.stream().filter(each -> selected.ids().contains(labels.id(each.label()))).toList();
    Map<String, String> names = names(chosen);
    List<String> sorted = names.values().stream().sorted().toList();
    if (sorted.size() < 2) {
      return new Selection(
          Optional.empty(), sorted.size(), sorted.stream().findFirst(), selected.leftOut());
    }
    Map<String, Integer> indices = ExampleSet.indices(sorted);
    int[] targets =
        chosen.stream()
            .map(example -> names.getOrDefault(labels.id(example.label()), ""))
            .mapToInt(label -> indices.getOrDefault(label, 0))
            .toArray();
    return new Selection(
        Optional.of(new ExampleSet(backbones.get(0), embeddings, labels, sorted, chosen, targets)),
        sorted.size(),
        Optional.empty(),
        selected.leftOut());
  }

  private void add(
      String id, TrainingExample example, int partition, long offset, Instant written) {
    example.embeddings().forEach(this::requireWidth);
    Map<String, Integer> slots = new LinkedHashMap<>();
    example.embeddings().forEach(embedding -> store(embedding, slots));
    if (example.joined() == null || newestBackbone == null) {
      newestBackbone = example.embedding().backbone();
    }
    Optional<String> label = consensus.label(example.label(), example.votes(), labels);
    examples.put(
        id,
        new Example(
            id,
            label.orElse(example.label()),
            Map.copyOf(slots),
            partition,
            offset,
            example.joined(),
            ++arrived,
            example.asked() == ReviewReason.AUDIT,
            label.isPresent(),
            example.votes(),
            origin(example, written)));
  }

  /** The times of labels may be anything, and records may be older than the label they carry. */
  private Origin origin(TrainingExample example, Instant written) {
    Instant came = Objects.requireNonNullElse(example.joined(), written);
    return new Origin(
        example.labeller() == null ? null : texts.computeIfAbsent(example.labeller(), own -> own),
        came.isBefore(example.at()) ? example.at() : came,
        example.image(),
        example.checked());
  }

  private void requireWidth(Embedding embedding) {
    EmbeddingBlocks blocks = embeddings.get(embedding.backbone());
    if (blocks != null && blocks.width() != embedding.values().length) {
      throw new MalformedRecordException(
          "has an embedding of %d numbers, but the others of its backbone have %d"
              .formatted(embedding.values().length, blocks.width()));
    }
  }

  /** Keeps an embedding; all its backbone's examples share one text of the backbone's id. */
  private void store(Embedding embedding, Map<String, Integer> slots) {
    String backbone = texts.computeIfAbsent(embedding.backbone(), own -> own);
    int slot =
        embeddings
            .computeIfAbsent(backbone, own -> new EmbeddingBlocks(embedding.values().length))
            .add(embedding.values());
    slots.put(backbone, slot);
  }

  /** Frees a slot, and with the last one of a backbone all its memory. */
  private void free(String backbone, int slot) {
    EmbeddingBlocks blocks = embeddings.get(backbone);
    if (blocks != null) {
      blocks.remove(slot);
      if (blocks.isEmpty()) {
        embeddings.remove(backbone);
      }
    }
  }
}

package io.afina.model;

import io.afina.decide.Acceptance;
import io.afina.event.JsonShape.Added;
import io.afina.event.JsonShape.Range;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a head (a model card); it travels inside the head's file.
 *
 * @param version starts at 1 and only goes up
 * @param parent version of the head that was the warm start, or null
 * @param backbone identity of the backbone whose embeddings it takes: the SHA-256 of its file in
 *     hex
 * @param inputs size of the embedding
 * @param labels in the order of the outputs
 * @param temperature divides the logits before the softmax, which calibrates confidences (<a
 *     href="https://arxiv.org/abs/1706.04599">Guo et al. 2017</a>)
 * @param training what it was trained on, and how
 * @param measures an evaluation on examples that were not trained on, or null without one: of a
 *     stand-in that was trained by the same recipe on the others, because the head itself was
 *     trained on all. Heads without a recipe are older, and were evaluated themselves
 * @param verdict whether it was promoted when it was published
 * @param created when
 * @param acceptance which of its predictions may be used unseen; null where nothing is promised
 */
public record HeadCard(
    @Range(low = 1) long version,
    @Range(low = 1) @Nullable Long parent,
    String backbone,
    @Range(low = 1) int inputs,
    List<String> labels,
    @Range(low = 1e-6, high = 1e6) double temperature,
    Training training,
    @Nullable Measures measures,
    Verdict verdict,
    Instant created,
    @Nullable Acceptance acceptance) {

  public HeadCard {
    labels = List.copyOf(labels);
  }

  /** Of a head of whose predictions nothing is promised. */
  public HeadCard(
      long version,
      @Nullable Long parent,
      String backbone,
      int inputs,
      List<String> labels,
      double temperature,
      Training training,
      @Nullable Measures measures,
      Verdict verdict,
      Instant created) {
    this(
        version,
        parent,
        backbone,
        inputs,
        labels,
        temperature,
        training,
        measures,
        verdict,
        created,
        null);
  }

  /** The card with another acceptance. */
  public HeadCard with(@Nullable Acceptance other) {
    return new HeadCard(
        version,
        parent,
        backbone,
        inputs,
        labels,
        temperature,
        training,
        measures,
        verdict,
        created,
        other);
  }

  /** When its training began. */
  public Instant begun() {
    return created.minusMillis(Math.round(1000 * training.seconds()));
  }

  /** The card of the head when a person imports it as another version. */
  public HeadCard imported(long as, String why) {
    return new HeadCard(
        as,
        null,
        backbone,
        inputs,
        labels,
        temperature,
        training,
        measures,
        new Verdict(Verdict.Decision.IMPORTED, why),
        created,
        acceptance);
  }

  /**
   * What a head was trained on, and how.
   *
   * @param examples how many it was trained on; where it has a recipe, all that there were
   * @param offsets the next offset of every partition of {@code training}, when the training began:
   *     corrections before it are learned
   * @param accuracy on the examples trained on, 0 to 1
   * @param holdoutShare of the examples that judged, 0 to 1
   * @param seed of every random choice
   * @param device the training ran on
   * @param seconds the training took, races and evaluation included
   * @param disagreement among the labellers of the examples, or null when not counted
   * @param leftOut labels that it could not have, because there are too many; null for none
   * @param recipe how it was fitted; null for a head that is older than recipes
   * @param race in which the recipe was chosen, in this training or an earlier one; null without
   * @param young labels with fewer than {@link #YOUNG} examples, and how many they have
   */
  public record Training(
      @Range int examples,
      @Range Map<Integer, Long> offsets,
      @Range(high = 1) double accuracy,
      @Range(high = 1) double holdoutShare,
      long seed,
      String device,
      @Range double seconds,
      @Nullable Disagreement disagreement,
      @Nullable LeftOut leftOut,
      @Nullable HeadRecipe recipe,
      @Nullable Race race,
      @Added @Range Map<String, Integer> young) {

    /** A label with fewer examples is young: what a head says of it is hardly more than a guess. */
    public static final int YOUNG = 5;

    public Training {
      offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
      young = young == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(young));
    }

    /** Of a head that is older than recipes. */
    public Training(
        int examples,
        Map<Integer, Long> offsets,
        double accuracy,
        double holdoutShare,
        long seed,
        String device,
        double seconds,
        @Nullable Disagreement disagreement) {
      this(
          examples,
          offsets,
          accuracy,
          holdoutShare,
          seed,
          device,
          seconds,
          disagreement,
          null,
          null,
          null,
          Map.of());
    }
  }
}

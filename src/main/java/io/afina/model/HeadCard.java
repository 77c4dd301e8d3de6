package io.afina.model;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a head says about itself; it travels inside the head.
 *
 * @param version starts at 1 and only goes up
 * @param parent version of the head that training started from, or null
 * @param backbone identity of the backbone whose embeddings it understands: the SHA-256 of its file
 *     in hex
 * @param inputs size of the embedding
 * @param labels in the order of the outputs
 * @param temperature divides the outputs before the softmax, so that confidences mean something (<a
 *     href="https://arxiv.org/abs/1706.04599">Guo et al. 2017</a>)
 * @param training what it was trained on, and how
 * @param measures how good it is on examples that it was not trained on, or null when nobody judged
 *     it
 * @param verdict what became of it when it was published
 * @param created when
 */
public record HeadCard(
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

  public HeadCard {
    labels = List.copyOf(labels);
  }

  /** The same card, with what people did not agree on. */
  public HeadCard with(Disagreement disagreement) {
    return new HeadCard(
        version,
        parent,
        backbone,
        inputs,
        labels,
        temperature,
        training.with(disagreement),
        measures,
        verdict,
        created);
  }

  /** The same head as another version, that a person brought from elsewhere. */
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
        created);
  }

  /**
   * What a head was trained on, and how.
   *
   * @param examples how many training examples there were, without the holdout
   * @param offsets the next offset of every partition of {@code training}, when the training began:
   *     a correction before it was learned
   * @param accuracy share of the examples trained on that the head gets right, 0 to 1
   * @param holdoutShare of the examples that was held back, 0 to 1
   * @param seed of every random choice
   * @param device the training ran on
   * @param seconds the training took, judging included
   * @param disagreement among those who labelled the examples, or null where nobody counted
   */
  public record Training(
      int examples,
      Map<Integer, Long> offsets,
      double accuracy,
      double holdoutShare,
      long seed,
      String device,
      double seconds,
      @Nullable Disagreement disagreement) {

    public Training {
      offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
    }

    public Training(
        int examples,
        Map<Integer, Long> offsets,
        double accuracy,
        double holdoutShare,
        long seed,
        String device,
        double seconds) {
      this(examples, offsets, accuracy, holdoutShare, seed, device, seconds, null);
    }

    Training with(Disagreement counted) {
      return new Training(
          examples, offsets, accuracy, holdoutShare, seed, device, seconds, counted);
    }
  }
}

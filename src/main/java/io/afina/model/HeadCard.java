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
 * @param temperature divides the outputs before the softmax, so that confidences mean something
 * @param examples how many training examples there were
 * @param offsets the next offset of every partition of {@code training}, when the training began: a
 *     correction before it was learned
 * @param trainAccuracy share of the examples that the head gets right, 0 to 1
 * @param seed of the training
 * @param device the training ran on
 * @param seconds the training took
 * @param created when
 */
public record HeadCard(
    long version,
    @Nullable Long parent,
    String backbone,
    int inputs,
    List<String> labels,
    double temperature,
    int examples,
    Map<Integer, Long> offsets,
    double trainAccuracy,
    long seed,
    String device,
    double seconds,
    Instant created) {

  public HeadCard {
    labels = List.copyOf(labels);
    offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
  }
}

package io.afina.model;

import io.afina.event.Prediction.Score;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The probabilities that a head gives to its labels.
 *
 * @param labels in the head's order
 * @param probabilities as many, 0 to 1, adding up to 1
 */
public record Scores(List<String> labels, double[] probabilities) {

  /** The most likely labels, at most {@code count}, most likely first. */
  public List<Score> top(int count) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -probabilities[i]))
        .limit(count)
        .map(i -> new Score(labels.get(i), probabilities[i]))
        .toList();
  }

  /**
   * Entropy of the distribution in nats: 0 when it is certain, the logarithm of the number of
   * labels when it is uniform.
   */
  public double entropy() {
    double entropy = 0;
    for (double p : probabilities) {
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
    return Math.max(0, entropy);
  }
}

package io.afina.review;

import io.afina.model.Vectors;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Remembers the embeddings of the images last sent to review, and recognises near-duplicates of
 * them by cosine similarity.
 */
final class NearDuplicateFilter {

  private final int capacity;
  private final double similarity;
  private final Deque<float[]> units = new ArrayDeque<>();

  /**
   * @param capacity how many embeddings are remembered
   * @param similarity cosine above which two images are near-duplicates
   */
  NearDuplicateFilter(int capacity, double similarity) {
    this.capacity = capacity;
    this.similarity = similarity;
  }

  boolean isNearDuplicate(float[] embedding) {
    float[] unit = Vectors.unit(embedding);
    return units.stream().anyMatch(other -> Vectors.dot(unit, other, 0) > similarity);
  }

  void add(float[] embedding) {
    units.addLast(Vectors.unit(embedding));
    if (units.size() > capacity) {
      units.removeFirst();
    }
  }
}

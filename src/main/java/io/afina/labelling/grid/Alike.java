package io.afina.labelling.grid;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A picture beside another one.
 *
 * @param cosine of the embeddings of the two: 1 for pictures that look the same
 */
public record Alike<T>(T picture, double cosine) {

  /** The most alike first. */
  public static <T> Comparator<Alike<T>> order() {
    return Comparator.comparing((Alike<T> alike) -> alike.cosine()).reversed();
  }

  /**
   * Those that are most like a picture, the most alike first.
   *
   * @param to its embedding
   * @param embedding of each of them, of the same backbone
   */
  static <T> List<Alike<T>> nearest(
      float[] to, Stream<T> all, Function<T, float[]> embedding, int count) {
    return all.map(each -> new Alike<>(each, cosine(to, embedding.apply(each))))
        .sorted(order())
        .limit(count)
        .toList();
  }

  private static double cosine(float[] one, float[] other) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * other[i];
      first += one[i] * one[i];
      second += other[i] * other[i];
    }
    return first == 0 || second == 0 ? 0 : product / Math.sqrt(first * second);
  }
}

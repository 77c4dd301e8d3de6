package io.afina.backbone.card;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which of a network's outputs is the embedding, and what is made of it.
 *
 * @param name of the output, or its number from 0; null where there is one only
 * @param pooling of what is more than a vector
 * @param prefixTokens of a transformer, before those of the picture's places: its CLS token and its
 *     registers, which {@link Pooling#MEAN} and {@link Pooling#GEM} leave out
 * @param unitLength whether the embedding is divided by its length
 */
public record EmbeddingOutput(
    @Nullable String name, Pooling pooling, int prefixTokens, boolean unitLength) {

  /** The only output, a vector, as it is. */
  public static final EmbeddingOutput VECTOR = new EmbeddingOutput(null, Pooling.VECTOR, 0, false);

  private static final double EXPONENT = 3;

  /** Below it numbers have no power of {@link #EXPONENT} (as in the paper's code). */
  private static final double SMALLEST = 1e-6;

  /**
   * Makes embeddings of an output.
   *
   * @param numbers of all pictures, one behind the other
   * @param shape of the output, the pictures first
   * @param channelsLast whether a map of features has its channels last
   * @return one a picture
   * @throws UnfitOutputException when an output of this shape cannot be pooled so; the message says
   *     what would be right
   */
  public float[][] embeddings(float[] numbers, long[] shape, boolean channelsLast) {
    int pictures = Math.toIntExact(shape[0]);
    Places places = places(Arrays.copyOfRange(shape, 1, shape.length), channelsLast);
    int each = numbers.length / pictures;
    float[][] embeddings = new float[pictures][];
    for (int i = 0; i < pictures; i++) {
      embeddings[i] =
          places.isVector()
              ? Arrays.copyOfRange(numbers, i * each, (i + 1) * each)
              : pool(numbers, i * each, places);
      if (unitLength) {
        shorten(embeddings[i]);
      }
    }
    return embeddings;
  }

  /**
   * The numbers of one picture.
   *
   * @param first of the places that count
   * @param count places that count
   * @param channels numbers of a place
   * @param place from one place to the next
   * @param channel from one number of a place to the next
   */
  private record Places(int first, int count, int channels, int place, int channel) {

    boolean isVector() {
      return count == 0;
    }
  }

  private static final Places ALL = new Places(0, 0, 0, 0, 0);

  private Places places(long[] shape, boolean channelsLast) {
    boolean isVector = Arrays.stream(shape).filter(length -> length > 1).count() <= 1;
    boolean isTokens = shape.length == 2;
    if (pooling == Pooling.NONE || (isVector && pooling == Pooling.VECTOR)) {
      return ALL;
    }
    if (pooling == Pooling.VECTOR || (shape.length != 2 && shape.length != 3)) {
      throw refused(shape, isTokens ? "cls, mean, gem or none" : "mean, gem or none");
    }
    int channels = Math.toIntExact(isTokens ? shape[1] : shape[channelsLast ? 2 : 0]);
    int places = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b) / channels);
    boolean last = isTokens || channelsLast;
    if (pooling == Pooling.CLS) {
      if (!isTokens) {
        throw refused(shape, "mean, gem or none, since a map has no CLS token");
      }
      return new Places(0, 1, channels, channels, 1);
    }
    if (prefixTokens >= places || (prefixTokens > 0 && !isTokens)) {
      throw new UnfitOutputException(
          "it gives %s, in which there are not %d tokens to leave out: correct the card's output.prefixTokens"
              .formatted(Arrays.toString(shape), prefixTokens));
    }
    return new Places(
        prefixTokens, places - prefixTokens, channels, last ? channels : 1, last ? 1 : places);
  }

  private static UnfitOutputException refused(long[] shape, String words) {
    boolean isVector = Arrays.stream(shape).filter(length -> length > 1).count() <= 1;
    return new UnfitOutputException(
        isVector
            ? "it gives a vector, %s, for a picture: leave output.pooling out of the card"
                .formatted(Arrays.toString(shape))
            : "it gives %s for a picture, which is more than a vector: write output.pooling into the card, %s"
                .formatted(Arrays.toString(shape), words));
  }

  private float[] pool(float[] numbers, int from, Places places) {
    float[] pooled = new float[places.channels];
    for (int c = 0; c < pooled.length; c++) {
      double sum = 0;
      for (int p = places.first; p < places.first + places.count; p++) {
        double number = numbers[from + p * places.place + c * places.channel];
        sum += pooling == Pooling.GEM ? Math.pow(Math.max(number, SMALLEST), EXPONENT) : number;
      }
      double mean = sum / places.count;
      pooled[c] = (float) (pooling == Pooling.GEM ? Math.pow(mean, 1 / EXPONENT) : mean);
    }
    return pooled;
  }

  private static void shorten(float[] embedding) {
    double squares = 0;
    for (float number : embedding) {
      squares += (double) number * number;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; length > 0 && i < embedding.length; i++) {
      embedding[i] = (float) (embedding[i] / length);
    }
  }
}

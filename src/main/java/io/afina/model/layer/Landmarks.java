package io.afina.model.layer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A layer of radial basis functions: how similar an embedding is to each of some landmarks among
 * the examples, 1 for the same and towards 0 the farther they are, {@code exp(-|s (x - l)|²)} with
 * a scale a number. A dense layer behind it makes a kernel machine that needs no more than these
 * (Nyström's method, <a
 * href="https://papers.nips.cc/paper_files/paper/2000/hash/19de10adbaa1b2ee13f77f679fa1483a-Abstract.html">Williams
 * and Seeger 2000</a>).
 *
 * @param points the landmarks, as the weights of a layer, and its biases: minus their scaled square
 * @param scale one factor a number
 */
public record Landmarks(Dense points, float[] scale) implements Layer {

  /** A kernel has so many at most. */
  public static final int MOST = 800;

  public Landmarks {
    if (scale.length != points.inputs()) {
      throw new IllegalArgumentException(
          "%d scales for landmarks of %d numbers".formatted(scale.length, points.inputs()));
    }
  }

  /**
   * From landmarks that lie one after the other.
   *
   * @param rows {@code [landmarks, inputs]}
   * @param scale one factor a number of the input
   */
  public static Landmarks ofRows(float[] rows, float[] scale) {
    int inputs = scale.length;
    if (inputs == 0 || rows.length % inputs != 0) {
      throw new IllegalArgumentException(
          "%d numbers are no landmarks of %d".formatted(rows.length, inputs));
    }
    float[] squares = new float[rows.length / inputs];
    for (int n = 0; n < squares.length; n++) {
      double sum = 0;
      for (int i = 0; i < inputs; i++) {
        double scaled = (double) rows[n * inputs + i] * scale[i];
        sum += scaled * scaled;
      }
      squares[n] = (float) -sum;
    }
    return new Landmarks(Dense.ofRows(inputs, squares.length, rows, squares), scale);
  }

  /** One after the other, {@code [landmarks, inputs]}. */
  public float[] rows() {
    return points.rows();
  }

  /** Each of them. */
  public List<float[]> all() {
    float[] rows = rows();
    return IntStream.range(0, outputs())
        .mapToObj(n -> Arrays.copyOfRange(rows, n * inputs(), (n + 1) * inputs()))
        .toList();
  }

  @Override
  public int inputs() {
    return points.inputs();
  }

  @Override
  public int outputs() {
    return points.outputs();
  }

  /** As {@code |x - l|² = |x|² - 2 x l + |l|²}: the products are those of a dense layer. */
  @Override
  public float[] apply(float[] input) {
    float[] twice = new float[input.length];
    double square = 0;
    for (int i = 0; i < input.length; i++) {
      float scaled = input[i] * scale[i] * scale[i];
      square += (double) scaled * input[i];
      twice[i] = 2 * scaled;
    }
    float[] output = points.apply(twice);
    for (int n = 0; n < output.length; n++) {
      output[n] = (float) Math.exp(Math.min(0, output[n] - square));
    }
    return output;
  }

  @Override
  public boolean isFinite() {
    return points.isFinite() && Dense.allFinite(scale);
  }
}

package io.afina.model.layer;

/**
 * A dense layer as plain arrays. The weights lie input by input, {@code weights[i * outputs + o]},
 * so that the inner loop of {@link #apply} runs over outputs, which the JIT turns into vector
 * instructions, and skips inputs that are zero, which half of an embedding behind a ReLU is.
 *
 * @param inputs size of what goes in
 * @param outputs size of what comes out
 */
public record Dense(int inputs, int outputs, float[] weights, float[] bias) implements Layer {

  public Dense {
    if (weights.length != Math.multiplyExact(inputs, outputs) || bias.length != outputs) {
      throw new IllegalArgumentException(
          "%d weights and %d biases do not make a layer %d to %d"
              .formatted(weights.length, bias.length, inputs, outputs));
    }
  }

  /** From PyTorch's form, {@code [outputs, inputs]}. */
  public static Dense ofRows(int inputs, int outputs, float[] rows, float[] bias) {
    return new Dense(inputs, outputs, transpose(rows, outputs, inputs), bias);
  }

  /** In PyTorch's form, {@code [outputs, inputs]}. */
  public float[] rows() {
    return transpose(weights, inputs, outputs);
  }

  @Override
  public float[] apply(float[] input) {
    float[] output = bias.clone();
    for (int i = 0; i < inputs; i++) {
      float x = input[i];
      if (x != 0) {
        int row = i * outputs;
        for (int o = 0; o < outputs; o++) {
          output[o] += x * weights[row + o];
        }
      }
    }
    return output;
  }

  @Override
  public boolean isFinite() {
    return allFinite(weights) && allFinite(bias);
  }

  /** Whether all numbers are finite. */
  public static boolean allFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static float[] transpose(float[] matrix, int rows, int columns) {
    float[] transposed = new float[matrix.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        transposed[c * rows + r] = matrix[r * columns + c];
      }
    }
    return transposed;
  }
}

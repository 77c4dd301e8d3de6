package io.afina.picture;

import io.afina.picture.tensor.FilterKernel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Resizes rows where weights may be below 0: in floating point, and cut off at 0 and 255 after each
 * pass, as Pillow does it.
 */
final class SignedRows implements ResizedRows {

  private static final float WHITE = 255;

  private final Normalisation normalisation;
  private float[][] lines = {};
  private int[] held = {};
  private int[] pixels = {};
  private float[] sums = {};
  private @Nullable Passes passes;

  SignedRows(Normalisation normalisation) {
    this.normalisation = normalisation;
  }

  /** A picture and its weights. */
  private record Passes(
      PixelRows rows,
      FilterKernel across,
      float[] acrossWeights,
      FilterKernel down,
      int from,
      int width) {}

  @Override
  public void begin(PixelRows rows, FilterKernel across, FilterKernel down) {
    int from = across.first()[0];
    int width = across.end() - from;
    passes = new Passes(rows, across, floats(across.weights()), down, from, width);
    if (pixels.length < width) {
      pixels = new int[width];
      sums = new float[3 * width];
    }
    if (lines.length < down.most() || lines[0].length < 3 * width) {
      lines = new float[Math.max(lines.length, down.most())][sums.length];
      held = new int[lines.length];
    }
    Arrays.fill(held, -1);
  }

  @Override
  public void compute(int y, Row row, int at) {
    Passes picture = Objects.requireNonNull(passes);
    shrinkDown(picture, y);
    shrinkAcross(picture, 0, row.red(), at);
    shrinkAcross(picture, 1, row.green(), at);
    shrinkAcross(picture, 2, row.blue(), at);
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  private void shrinkDown(Passes picture, int y) {
    int count = 3 * picture.width;
    int most = picture.down.most();
    Arrays.fill(sums, 0, count, 0);
    for (int i = 0; i < most; i++) {
      float weight = (float) picture.down.weights()[y * most + i];
      if (weight != 0) {
        add(line(picture, picture.down.first()[y] + i), weight, sums, count);
      }
    }
    for (int i = 0; i < count; i++) {
      sums[i] = Math.min(WHITE, Math.max(0, sums[i]));
    }
  }

  private static void add(float[] line, float weight, float[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += line[i] * weight;
    }
  }

  /** Red, green and blue, one behind the other; each is copied out of the picture once. */
  private float[] line(Passes picture, int row) {
    int slot = row % lines.length;
    float[] line = lines[slot];
    if (held[slot] != row) {
      picture.rows.copy(row, picture.from, picture.width, pixels);
      for (int c = 0; c < 3; c++) {
        for (int x = 0; x < picture.width; x++) {
          line[c * picture.width + x] = (pixels[x] >>> (24 - 8 * c)) & 0xff;
        }
      }
      held[slot] = row;
    }
    return line;
  }

  private void shrinkAcross(Passes picture, int colour, float[] row, int at) {
    FilterKernel kernel = picture.across;
    float scale = normalisation.scale()[colour];
    float shift = normalisation.shift()[colour];
    for (int x = 0; x < kernel.first().length; x++) {
      int column = kernel.first()[x] - picture.from;
      int taps = Math.min(kernel.most(), picture.width - column);
      float sum = 0;
      int pixel = colour * picture.width + column;
      int weight = x * kernel.most();
      for (int i = 0; i < taps; i++) {
        sum += sums[pixel + i] * picture.acrossWeights[weight + i];
      }
      row[at + x] = Math.min(WHITE, Math.max(0, sum)) * scale + shift;
    }
  }
}

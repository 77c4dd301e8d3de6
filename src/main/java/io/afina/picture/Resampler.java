package io.afina.picture;

import io.afina.picture.tensor.FilterKernel;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.PictureInput.Colours;
import io.afina.picture.tensor.PictureInput.Layout;
import io.afina.picture.tensor.ResizeRule;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Resizes a picture, cuts out its centre or fills it up to a square, turns it upright and
 * normalises it, in one pass over the rows and columns that are needed: neither the resized picture
 * nor the square ever exists. It keeps its memory and belongs to one thread.
 */
final class Resampler {

  private static final float WHITE = 255;

  private final PictureInput input;
  private final ResizedRows.Row row;
  private final ResizedRows.Row padding;
  private final ResizedRows rows;

  Resampler(PictureInput input) {
    this.input = input;
    ResizedRows.Normalisation normalisation = normalisation(input);
    rows =
        input.resize().filter().isSigned()
            ? new SignedRows(normalisation)
            : new UnsignedRows(normalisation);
    row = ResizedRows.Row.of(input.side());
    padding = ResizedRows.Row.of(input.side());
    pad(padding.red(), normalisation, 0);
    pad(padding.green(), normalisation, 1);
    pad(padding.blue(), normalisation, 2);
  }

  private static ResizedRows.Normalisation normalisation(PictureInput input) {
    float[] scale = new float[3];
    float[] shift = new float[3];
    for (int c = 0; c < 3; c++) {
      int at = input.colours() == Colours.BGR ? 2 - c : c;
      scale[c] = 1 / (WHITE * input.std()[at]);
      shift[c] = -input.mean()[at] / input.std()[at];
    }
    return new ResizedRows.Normalisation(scale, shift);
  }

  private void pad(float[] line, ResizedRows.Normalisation normalisation, int colour) {
    int number = (input.resize().padding() >>> (16 - 8 * colour)) & 0xff;
    Arrays.fill(line, number * normalisation.scale()[colour] + normalisation.shift()[colour]);
  }

  /**
   * Prepares one picture.
   *
   * @param orientation how it lies in its file
   * @param tensor takes it upright, in the form of the input
   */
  void resample(PixelRows pixels, Orientation orientation, FloatBuffer tensor) {
    Side across = side(pixels.width(), pixels.height(), orientation.mirrorX());
    Side down = side(pixels.height(), pixels.width(), orientation.mirrorY());
    rows.begin(pixels, across.kernel, down.kernel);
    Target target = Target.of(orientation, input);
    System.arraycopy(padding.red(), 0, row.red(), 0, input.side());
    System.arraycopy(padding.green(), 0, row.green(), 0, input.side());
    System.arraycopy(padding.blue(), 0, row.blue(), 0, input.side());
    for (int y = 0; y < input.side(); y++) {
      boolean inside = y >= down.at && y < down.at + down.kernel.first().length;
      if (inside) {
        rows.compute(y - down.at, row, across.at);
      }
      target.put(y, inside ? row : padding, tensor);
    }
  }

  /**
   * One side of the square.
   *
   * @param at its first pixel that is not padding
   */
  private record Side(FilterKernel kernel, int at) {}

  /** The side that has {@code length} pixels in the picture, where the other has {@code other}. */
  private Side side(int length, int other, boolean mirrored) {
    ResizeRule rule = input.resize();
    int resized = rule.resized(length, other);
    int before = rule.begin(resized);
    int from = mirrored ? resized - rule.crop() - before : before;
    int at = Math.max(0, -from);
    int first = Math.max(0, from);
    int count = Math.min(rule.crop() - at, resized - first);
    return new Side(FilterKernel.of(rule.filter(), length, resized, first, count), at);
  }

  /**
   * Where the pixels of the square, as it lies in the file, stand when it is upright.
   *
   * @param red where the numbers of red begin
   * @param colour from the numbers of red to those of green, and to those of blue
   * @param first of its first pixel
   * @param step from one to the next in its row
   * @param rowStep from one row to the next
   */
  private record Target(int red, int colour, int first, int step, int rowStep) {

    static Target of(Orientation orientation, PictureInput input) {
      int side = input.side();
      int pixel = input.layout() == Layout.NCHW ? 1 : 3;
      int plane = input.layout() == Layout.NCHW ? side * side : 1;
      int column = pixel * (orientation.transpose() ? side : 1);
      int row = pixel * (orientation.transpose() ? 1 : side);
      int first =
          (orientation.mirrorX() ? (side - 1) * column : 0)
              + (orientation.mirrorY() ? (side - 1) * row : 0);
      boolean reversed = input.colours() == Colours.BGR;
      return new Target(
          reversed ? 2 * plane : 0,
          reversed ? -plane : plane,
          first,
          orientation.mirrorX() ? -column : column,
          orientation.mirrorY() ? -row : row);
    }

    void put(int y, ResizedRows.Row row, FloatBuffer tensor) {
      int at = red + first + y * rowStep;
      put(at, row.red(), tensor);
      put(at + colour, row.green(), tensor);
      put(at + 2 * colour, row.blue(), tensor);
    }

    private void put(int from, float[] numbers, FloatBuffer tensor) {
      if (step == 1) {
        tensor.put(from, numbers);
        return;
      }
      int at = from;
      for (float number : numbers) {
        tensor.put(at, number);
        at += step;
      }
    }
  }
}

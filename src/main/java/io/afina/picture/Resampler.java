package io.afina.picture;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Resizes a picture, cuts out its centre, turns it upright and normalises it, in one pass over the
 * rows and columns that the centre needs: neither the resized picture nor the square ever exists.
 * Works in whole numbers of which processors handle many at once, and is at most one step of 255
 * away from the exact result. It keeps its memory and belongs to one thread.
 */
final class Resampler {

  /** Two colours in one int, each with 16 bits, of which a weighted sum fills all. */
  private static final int PAIR = 0x00ff_00ff;

  /** Bits of a sum that are given up between the passes, so that three colours fit into a long. */
  private static final int GIVEN_UP = 3;

  private static final int HALF = 1 << (GIVEN_UP - 1);
  private static final int KEPT = 0xffff >>> GIVEN_UP << GIVEN_UP;
  private static final int FIELD = 21;
  private static final long FIELD_MASK = (1L << FIELD) - 1;
  private static final float STEP = FilterKernel.ONE * (FilterKernel.ONE >> GIVEN_UP);

  private final PictureInput input;
  private final float[] scale = new float[3];
  private final float[] shift = new float[3];
  private final float[] redRow;
  private final float[] greenRow;
  private final float[] blueRow;
  private int[][] lines = {};
  private int[] held = {};
  private int[] redBlue = {};
  private int[] green = {};
  private long[] colours = {};

  Resampler(PictureInput input) {
    this.input = input;
    redRow = new float[input.side()];
    greenRow = new float[input.side()];
    blueRow = new float[input.side()];
    for (int c = 0; c < 3; c++) {
      scale[c] = 1 / (STEP * 255 * input.std()[c]);
      shift[c] = -input.mean()[c] / input.std()[c];
    }
  }

  /**
   * Prepares one picture.
   *
   * @param orientation how it lies in its file
   * @param tensor takes {@code float32[3,side,side]}, upright
   */
  void resample(PixelRows rows, Orientation orientation, FloatBuffer tensor) {
    FilterKernel across = kernel(rows.width(), rows.height(), orientation.mirrorX());
    FilterKernel down = kernel(rows.height(), rows.width(), orientation.mirrorY());
    int from = across.first()[0];
    int width = across.end() - from;
    reserve(width, across.most(), down.most());
    Target target = Target.of(orientation, input.side());
    for (int y = 0; y < input.side(); y++) {
      shrinkDown(rows, down, y, from, width);
      joinColours(width);
      shrinkAcross(across, from);
      target.put(y, redRow, tensor, 0);
      target.put(y, greenRow, tensor, 1);
      target.put(y, blueRow, tensor, 2);
    }
  }

  /** The weights for the side of {@code length} pixels, where the other has {@code other}. */
  private FilterKernel kernel(int length, int other, boolean mirrored) {
    int shorter = input.resize().shorterSide();
    int crop = input.resize().crop();
    int resized =
        length <= other ? shorter : Math.toIntExact(Math.round((double) shorter * length / other));
    int before = (resized - crop) / 2;
    return FilterKernel.of(length, resized, mirrored ? resized - crop - before : before, crop);
  }

  private void reserve(int width, int across, int down) {
    if (redBlue.length < width) {
      redBlue = new int[width];
      green = new int[width];
    }
    if (colours.length < width + across) {
      colours = new long[width + across];
    }
    if (lines.length < down || lines[0].length < width) {
      lines = new int[Math.max(lines.length, down)][redBlue.length];
      held = new int[lines.length];
    }
    Arrays.fill(held, -1);
  }

  /** Resizes one row vertically, in the columns that are needed. */
  private void shrinkDown(PixelRows rows, FilterKernel kernel, int y, int from, int width) {
    Arrays.fill(redBlue, 0, width, HALF << 16 | HALF);
    Arrays.fill(green, 0, width, HALF);
    for (int i = 0; i < kernel.most(); i++) {
      int weight = kernel.weights()[y * kernel.most() + i];
      if (weight > 0) {
        add(line(rows, kernel.first()[y] + i, from, width), weight, redBlue, green, width);
      }
    }
  }

  /** Neighbours share most of their lines: each is copied out of the picture once. */
  private int[] line(PixelRows rows, int row, int from, int width) {
    int slot = row % lines.length;
    if (held[slot] != row) {
      rows.copy(row, from, width, lines[slot]);
      held[slot] = row;
    }
    return lines[slot];
  }

  /** Two loops, since the compiler makes vector instructions of those that write one array. */
  private static void add(int[] line, int weight, int[] redBlue, int[] green, int width) {
    for (int x = 0; x < width; x++) {
      redBlue[x] += ((line[x] >>> 8) & PAIR) * weight;
    }
    for (int x = 0; x < width; x++) {
      green[x] += ((line[x] >>> 16) & 0xff) * weight;
    }
  }

  /** Three colours in one long, each with 21 bits, so that one product weighs them all. */
  private void joinColours(int width) {
    for (int x = 0; x < width; x++) {
      long red = kept(redBlue[x] >>> 16);
      long middle = kept(green[x]);
      long blue = kept(redBlue[x]);
      colours[x] = ((red << (2 * FIELD)) | (middle << FIELD) | blue) >>> GIVEN_UP;
    }
  }

  private static long kept(long sum) {
    return sum & KEPT;
  }

  private void shrinkAcross(FilterKernel kernel, int from) {
    int[] first = kernel.first();
    int[] weights = kernel.weights();
    float redScale = scale[0];
    float greenScale = scale[1];
    float blueScale = scale[2];
    float redShift = shift[0];
    float greenShift = shift[1];
    float blueShift = shift[2];
    int weight = 0;
    for (int x = 0; x < redRow.length; x++) {
      long sum = 0;
      int column = first[x] - from;
      for (int end = weight + kernel.most(); weight < end; weight += FilterKernel.UNROLLED) {
        sum +=
            colours[column] * weights[weight]
                + colours[column + 1] * weights[weight + 1]
                + colours[column + 2] * weights[weight + 2]
                + colours[column + 3] * weights[weight + 3];
        column += FilterKernel.UNROLLED;
      }
      redRow[x] = (int) (sum >>> (2 * FIELD)) * redScale + redShift;
      greenRow[x] = (int) ((sum >>> FIELD) & FIELD_MASK) * greenScale + greenShift;
      blueRow[x] = (int) (sum & FIELD_MASK) * blueScale + blueShift;
    }
  }

  /**
   * Where the pixels of the square, as it lies in the file, stand when it is upright.
   *
   * @param plane numbers of a colour
   * @param first of its first pixel
   * @param step from one to the next in its row
   * @param rowStep from one row to the next
   */
  private record Target(int plane, int first, int step, int rowStep) {

    static Target of(Orientation orientation, int side) {
      int column = orientation.transpose() ? side : 1;
      int row = orientation.transpose() ? 1 : side;
      int first =
          (orientation.mirrorX() ? (side - 1) * column : 0)
              + (orientation.mirrorY() ? (side - 1) * row : 0);
      return new Target(
          side * side,
          first,
          orientation.mirrorX() ? -column : column,
          orientation.mirrorY() ? -row : row);
    }

    void put(int y, float[] row, FloatBuffer tensor, int colour) {
      int at = colour * plane + first + y * rowStep;
      if (step == 1) {
        tensor.put(at, row);
        return;
      }
      for (float number : row) {
        tensor.put(at, number);
        at += step;
      }
    }
  }
}

package io.afina.picture;

import io.afina.picture.tensor.FilterKernel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Resizes rows where no weight is below 0, in whole numbers of which processors handle many at
 * once: at most one step of 255 away from the exact result.
 */
final class UnsignedRows implements ResizedRows {

  /** The sum of a pixel's weights. */
  private static final int ONE = 256;

  /** Two colours in one int, each with 16 bits, of which a weighted sum fills all. */
  private static final int PAIR = 0x00ff_00ff;

  /** Bits of a sum that are given up between the passes, so that three colours fit into a long. */
  private static final int GIVEN_UP = 3;

  private static final int HALF = 1 << (GIVEN_UP - 1);
  private static final int KEPT = 0xffff >>> GIVEN_UP << GIVEN_UP;
  private static final int FIELD = 21;
  private static final long FIELD_MASK = (1L << FIELD) - 1;
  private static final float STEP = ONE * (ONE >> GIVEN_UP);

  private final Normalisation normalisation;
  private int[][] lines = {};
  private int[] held = {};
  private int[] redBlue = {};
  private int[] green = {};
  private long[] colours = {};
  private @Nullable Passes passes;

  UnsignedRows(Normalisation normalisation) {
    float[] scale = normalisation.scale().clone();
    for (int c = 0; c < scale.length; c++) {
      scale[c] /= STEP;
    }
    this.normalisation = new Normalisation(scale, normalisation.shift());
  }

  /** A picture and its weights in whole numbers. */
  private record Passes(
      PixelRows rows,
      FilterKernel across,
      int[] acrossWeights,
      FilterKernel down,
      int[] downWeights,
      int from,
      int width) {}

  @Override
  public void begin(PixelRows rows, FilterKernel across, FilterKernel down) {
    int from = across.first()[0];
    int width = across.end() - from;
    passes = new Passes(rows, across, across.rounded(ONE), down, down.rounded(ONE), from, width);
    reserve(width, across.most(), down.most());
  }

  @Override
  public void compute(int y, Row row, int at) {
    Passes picture = Objects.requireNonNull(passes);
    shrinkDown(picture, y);
    joinColours(picture.width);
    shrinkAcross(picture.across, picture.acrossWeights, picture.from, row, at);
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
  private void shrinkDown(Passes picture, int y) {
    int width = picture.width;
    Arrays.fill(redBlue, 0, width, HALF << 16 | HALF);
    Arrays.fill(green, 0, width, HALF);
    int most = picture.down.most();
    for (int i = 0; i < most; i++) {
      int weight = picture.downWeights[y * most + i];
      if (weight > 0) {
        int[] line = line(picture.rows, picture.down.first()[y] + i, picture.from, width);
        add(line, weight, redBlue, green, width);
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

  private void shrinkAcross(FilterKernel kernel, int[] weights, int from, Row row, int at) {
    int[] first = kernel.first();
    int most = kernel.most();
    float[] red = row.red();
    float[] green = row.green();
    float[] blue = row.blue();
    float redScale = normalisation.scale()[0];
    float greenScale = normalisation.scale()[1];
    float blueScale = normalisation.scale()[2];
    float redShift = normalisation.shift()[0];
    float greenShift = normalisation.shift()[1];
    float blueShift = normalisation.shift()[2];
    int weight = 0;
    for (int x = 0; x < first.length; x++) {
      long sum = 0;
      int column = first[x] - from;
      for (int end = weight + most; weight < end; weight += FilterKernel.UNROLLED) {
        sum +=
            colours[column] * weights[weight]
                + colours[column + 1] * weights[weight + 1]
                + colours[column + 2] * weights[weight + 2]
                + colours[column + 3] * weights[weight + 3];
        column += FilterKernel.UNROLLED;
      }
      red[at + x] = (int) (sum >>> (2 * FIELD)) * redScale + redShift;
      green[at + x] = (int) ((sum >>> FIELD) & FIELD_MASK) * greenScale + greenShift;
      blue[at + x] = (int) (sum & FIELD_MASK) * blueScale + blueShift;
    }
  }
}

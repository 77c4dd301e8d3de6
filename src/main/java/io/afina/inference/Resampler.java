package io.afina.inference;

/**
 * Resizes a picture and cuts out its centre in one pass over the rows that the centre needs, so the
 * resized picture as a whole never exists. Works in floats; the decoder's bytes are the last
 * rounding.
 *
 * @param rule to which size, and how much of it
 */
record Resampler(ResizeRule rule) {

  /**
   * The centre of a picture.
   *
   * @return {@code crop * crop} pixels, red, green and blue from 0 to 255, as the picture lies in
   *     its file
   */
  float[] resample(Rows rows, Orientation orientation) {
    Taps across = taps(rows.width(), rows.height(), orientation.mirrorX());
    Taps down = taps(rows.height(), rows.width(), orientation.mirrorY());
    float[] row = new float[3 * rows.width()];
    float[] line = new float[3 * rule.crop()];
    float[] square = new float[rule.crop() * line.length];
    for (int y = down.first()[0], open = 0; y < down.end(); y++) {
      rows.copy(y, row);
      shrink(row, across, line);
      open = add(line, y, down, open, square);
    }
    return square;
  }

  /** Of the side that has {@code length} pixels, while the other has {@code other}. */
  private Taps taps(int length, int other, boolean mirrored) {
    int resized =
        length <= other
            ? rule.shorterSide()
            : Math.toIntExact(Math.round((double) rule.shorterSide() * length / other));
    int before = (resized - rule.crop()) / 2;
    return Taps.of(
        length, resized, mirrored ? resized - rule.crop() - before : before, rule.crop());
  }

  private static void shrink(float[] row, Taps taps, float[] line) {
    for (int x = 0; x < taps.first().length; x++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int from = 3 * taps.first()[x];
      for (float weight : taps.weights()[x]) {
        red += weight * row[from];
        green += weight * row[from + 1];
        blue += weight * row[from + 2];
        from += 3;
      }
      line[3 * x] = red;
      line[3 * x + 1] = green;
      line[3 * x + 2] = blue;
    }
  }

  /**
   * Adds a line to every resized row that it has a weight in.
   *
   * @param open the first resized row that may still want lines
   * @return the same for the next line
   */
  private static int add(float[] line, int y, Taps taps, int open, float[] square) {
    int stillOpen = open;
    for (int i = open; i < taps.first().length && taps.first()[i] <= y; i++) {
      int tap = y - taps.first()[i];
      if (tap >= taps.weights()[i].length) {
        stillOpen = i + 1;
      } else {
        addWeighted(line, taps.weights()[i][tap], square, i * line.length);
      }
    }
    return stillOpen;
  }

  private static void addWeighted(float[] line, float weight, float[] square, int at) {
    for (int i = 0; i < line.length; i++) {
      square[at + i] += weight * line[i];
    }
  }
}

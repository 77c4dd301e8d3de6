package io.afina.picture;

import io.afina.picture.tensor.FilterKernel;

/** Resizes the rows of one picture after the other. It keeps its memory, for one thread. */
interface ResizedRows {

  /** Begins with a picture. */
  void begin(PixelRows rows, FilterKernel across, FilterKernel down);

  /**
   * Computes a row of the picture that it began with, normalised.
   *
   * @param y the row, of those that {@code down} describes, one after the other from 0
   * @param at where in {@code row} its first pixel belongs
   */
  void compute(int y, Row row, int at);

  /** A row of the square: one number a pixel for each colour. */
  record Row(float[] red, float[] green, float[] blue) {

    static Row of(int side) {
      return new Row(new float[side], new float[side], new float[side]);
    }
  }

  /**
   * What becomes of a number of 0 to 255, for red, green and blue: {@code number * scale + shift}.
   */
  record Normalisation(float[] scale, float[] shift) {}
}

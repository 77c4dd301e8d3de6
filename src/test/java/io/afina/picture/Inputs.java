package io.afina.picture;

import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeRule;

/** What networks take, for tests that run none. */
final class Inputs {

  private Inputs() {}

  /** Leaves the colours between 0 and 1. */
  static PictureInput plain(int shorterSide, int crop) {
    return new PictureInput(
        new ResizeRule(shorterSide, crop), new float[] {0, 0, 0}, new float[] {1, 1, 1});
  }
}

package io.afina.inference;

/** Cards for tests that run no network. */
final class Cards {

  private Cards() {}

  /** Leaves the colours between 0 and 1. */
  static BackboneCard plain(int shorterSide, int crop) {
    return new BackboneCard(
        "plain",
        BackboneEngine.ONNX_RUNTIME,
        "none",
        new BackboneCard.Input(
            new ResizeRule(shorterSide, crop), new float[] {0, 0, 0}, new float[] {1, 1, 1}),
        1,
        "0".repeat(64));
  }
}

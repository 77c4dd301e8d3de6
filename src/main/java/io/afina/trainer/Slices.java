package io.afina.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * Examples as the engine takes them: standardised, in single precision, some thousand rows at a
 * time. Few examples are made once and kept; many are made anew at every pass, so that memory is
 * that of one slice.
 */
final class Slices implements AutoCloseable {

  /** Values in a slice: 16 MB in single precision. */
  private static final int SLICE_VALUES = 4 << 20;

  /** Up to so many slices, 64 MB, are made once. */
  private static final int MOST_KEPT = 4;

  private final Examples examples;
  private final Standardisation standard;
  private final NDManager manager;
  private final int rowsPerSlice;
  private final boolean keep;
  private final NDArray[] xs;

  /** What happens with one slice. */
  interface Use {
    /**
     * Called for every slice in turn.
     *
     * @param x {@code [rows, width]}; its manager ends with the call
     * @param y targets, {@code [rows]}
     * @param share of all rows that are in it, 0 to 1
     */
    void with(NDArray x, NDArray y, float share);
  }

  Slices(NDManager parent, Examples examples, Standardisation standard) {
    this.examples = examples;
    this.standard = standard;
    this.manager = parent.newSubManager();
    this.rowsPerSlice = Math.max(1, SLICE_VALUES / examples.width());
    this.xs = new NDArray[(examples.size() + rowsPerSlice - 1) / rowsPerSlice];
    this.keep = xs.length <= MOST_KEPT;
  }

  void forEach(Use use) {
    for (int slice = 0; slice < xs.length; slice++) {
      int from = slice * rowsPerSlice;
      int to = Math.min(examples.size(), from + rowsPerSlice);
      try (NDManager step = manager.newSubManager()) {
        NDArray x = keep ? kept(slice, from, to, step) : make(step, from, to);
        NDArray y = step.create(Arrays.copyOfRange(examples.targets(), from, to));
        use.with(x, y, (to - from) / (float) examples.size());
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private NDArray kept(int slice, int from, int to, NDManager step) {
    NDArray x = xs[slice];
    if (x == null) {
      x = make(manager, from, to);
      xs[slice] = x;
    }
    step.tempAttachAll(x);
    return x;
  }

  private NDArray make(NDManager owner, int from, int to) {
    float[] values = new float[(to - from) * examples.width()];
    for (int row = from; row < to; row++) {
      examples.copy(row, values, (row - from) * examples.width());
    }
    standard.apply(values);
    return owner.create(values, new Shape(to - from, examples.width()));
  }
}

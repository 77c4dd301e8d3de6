package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.afina.trainer.data.ExampleSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Examples as the engine takes them: in single precision, some hundred rows at a time, which the
 * processor's caches hold. Few examples are made once and kept; of many, the halves are handed to
 * the engine anew at every pass, so that memory is that of one slice.
 */
final class ExampleBatches implements AutoCloseable {

  private static final int SLICE_VALUES = 512 * 1280;

  /** Up to so many values, 64 MB in single precision, are made once. */
  private static final long MOST_KEPT = 16 << 20;

  private final ExampleSet examples;
  private final NDManager manager;
  private final int rowsPerSlice;
  private final boolean keep;
  private final NDArray[] xs;
  private final ByteBuffer halves;

  /** What happens with one slice. */
  interface Use {
    /**
     * Called for every slice in turn.
     *
     * @param slice its number, from 0
     * @param x {@code [rows, width]}; its manager ends with the call
     * @param y targets, {@code [rows]}
     * @param share of all rows that are in it, 0 to 1
     */
    void with(int slice, NDArray x, NDArray y, float share);
  }

  ExampleBatches(NDManager parent, ExampleSet examples) {
    this.examples = examples;
    this.manager = parent.newSubManager();
    this.rowsPerSlice = Math.max(1, SLICE_VALUES / examples.width());
    this.xs = new NDArray[(examples.size() + rowsPerSlice - 1) / rowsPerSlice];
    this.keep = (long) examples.size() * examples.width() <= MOST_KEPT;
    this.halves =
        ByteBuffer.allocateDirect(rowsPerSlice * examples.width() * Short.BYTES)
            .order(ByteOrder.nativeOrder());
  }

  int rows() {
    return examples.size();
  }

  void forEach(Use use) {
    for (int slice = 0; slice < xs.length; slice++) {
      int from = slice * rowsPerSlice;
      int to = Math.min(examples.size(), from + rowsPerSlice);
      try (NDManager step = manager.newSubManager()) {
        NDArray x = keep ? kept(slice, from, to, step) : make(step, from, to);
        NDArray y = step.create(Arrays.copyOfRange(examples.targets(), from, to));
        use.with(slice, x, y, (to - from) / (float) examples.size());
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
    halves.clear();
    for (int row = from; row < to; row++) {
      examples.copyHalves(row, halves);
    }
    Shape shape = new Shape(to - from, examples.width());
    try (NDArray half = owner.create(halves.flip(), shape, DataType.FLOAT16)) {
      return half.toType(DataType.FLOAT32, true);
    }
  }
}

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
 * Splits examples into batches for the engine: in single precision, some hundred examples at a
 * time, which the processor's caches hold. Few examples are converted once and kept; of many, the
 * half-precision values are handed to the engine anew at every pass, so that memory is that of one
 * batch.
 */
final class ExampleBatches implements AutoCloseable {

  private static final int BATCH_VALUES = 512 * 1280;

  /** Up to so many values, 64 MB in single precision, are converted once and kept. */
  private static final long MOST_KEPT = 16 << 20;

  private final ExampleSet examples;
  private final NDManager manager;
  private final int batchSize;
  private final boolean keep;
  private final NDArray[] xs;
  private final ByteBuffer halves;

  /** What is done with a batch. */
  interface Action {
    /**
     * Called for every batch in turn.
     *
     * @param batch its number, from 0
     * @param x {@code [rows, width]}; its manager is closed after the call
     * @param y targets, {@code [rows]}
     * @param share of all examples that are in it, 0 to 1
     */
    void accept(int batch, NDArray x, NDArray y, float share);
  }

  ExampleBatches(NDManager parent, ExampleSet examples) {
    this.examples = examples;
    this.manager = parent.newSubManager();
    this.batchSize = Math.max(1, BATCH_VALUES / examples.width());
    this.xs = new NDArray[(examples.size() + batchSize - 1) / batchSize];
    this.keep = (long) examples.size() * examples.width() <= MOST_KEPT;
    this.halves =
        ByteBuffer.allocateDirect(batchSize * examples.width() * Short.BYTES)
            .order(ByteOrder.nativeOrder());
  }

  int size() {
    return examples.size();
  }

  void forEach(Action action) {
    for (int batch = 0; batch < xs.length; batch++) {
      int from = batch * batchSize;
      int to = Math.min(examples.size(), from + batchSize);
      try (NDManager step = manager.newSubManager()) {
        NDArray x = keep ? kept(batch, from, to, step) : convert(step, from, to);
        NDArray y = step.create(Arrays.copyOfRange(examples.targets(), from, to));
        action.accept(batch, x, y, (to - from) / (float) examples.size());
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private NDArray kept(int batch, int from, int to, NDManager step) {
    NDArray x = xs[batch];
    if (x == null) {
      x = convert(manager, from, to);
      xs[batch] = x;
    }
    step.tempAttachAll(x);
    return x;
  }

  private NDArray convert(NDManager owner, int from, int to) {
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

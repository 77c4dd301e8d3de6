package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.afina.trainer.data.ExampleSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads examples in single precision, some hundred at a time, which the processor's caches hold.
 * Few examples are converted once and kept while this is open; of many, the half-precision values
 * are converted at every pass, so that memory is that of one batch.
 */
final class ExampleBatches implements Batches, AutoCloseable {

  private static final int BATCH_VALUES = 512 * 1280;

  /** Up to so many values, 64 MB in single precision, are converted once and kept. */
  private static final long MOST_KEPT = 16 << 20;

  private final ExampleSet examples;
  private final ResidentEmbeddings resident;
  private final NDManager manager;
  private final NDArray targets;
  private final @Nullable NDArray kept;

  ExampleBatches(NDManager parent, ResidentEmbeddings resident, ExampleSet examples) {
    this.examples = examples;
    this.resident = resident;
    this.manager = parent.newSubManager();
    this.targets = manager.create(examples.targets());
    this.kept = (long) size() * width() <= MOST_KEPT ? all() : null;
  }

  @Override
  public int size() {
    return examples.size();
  }

  @Override
  public int width() {
    return examples.width();
  }

  @Override
  public int labels() {
    return examples.labels().size();
  }

  @Override
  public void forEach(Action action) {
    for (int from = 0; from < size(); from += batchSize()) {
      int to = Math.min(size(), from + batchSize());
      try (NDManager step = manager.newSubManager()) {
        NDIndex range = new NDIndex("{}:{}", from, to);
        NDArray x = kept == null ? converted(step, rows(from, to)) : kept.get(step, range);
        action.accept(from / batchSize(), x, targets.get(step, range));
      }
    }
  }

  /** Some examples, {@code [rows, width]}. */
  NDArray inputs(NDManager owner, int[] rows) {
    return kept == null ? converted(owner, rows) : picked(kept, owner, rows);
  }

  /** The targets of some examples, {@code [rows]}. */
  NDArray targets(NDManager owner, int[] rows) {
    return picked(targets, owner, rows);
  }

  @Override
  public void close() {
    manager.close();
  }

  private int batchSize() {
    return Math.max(1, BATCH_VALUES / width());
  }

  private NDArray all() {
    NDArray all = manager.create(new Shape(size(), width()));
    for (int from = 0; from < size(); from += batchSize()) {
      int to = Math.min(size(), from + batchSize());
      try (NDManager step = manager.newSubManager()) {
        all.set(new NDIndex("{}:{}", from, to), converted(step, rows(from, to)));
      }
    }
    return all;
  }

  private NDArray converted(NDManager owner, int[] rows) {
    try (NDArray halves = resident.rows(owner, examples, rows)) {
      return halves.toType(DataType.FLOAT32, true);
    }
  }

  private static int[] rows(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static NDArray picked(NDArray from, NDManager owner, int[] rows) {
    return from.get(owner, new NDIndex("{}", owner.create(rows)));
  }
}

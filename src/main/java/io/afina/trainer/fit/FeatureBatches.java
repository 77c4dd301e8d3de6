package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Features of rows, computed once and kept by the device: in single precision where they are few,
 * in half precision where they are many.
 */
final class FeatureBatches implements Batches {

  /** Up to so many values, 64 MB, are kept in single precision. */
  private static final long MOST_SINGLE = 16 << 20;

  private final NDManager manager;
  private final int size;
  private final int width;
  private final int labels;
  private final List<NDArray> features = new ArrayList<>();
  private final List<NDArray> targets = new ArrayList<>();

  /**
   * Computes the features.
   *
   * @param manager by which they are kept
   * @param width of the features
   * @param map from a batch of the rows to their features, in the batch's manager
   */
  FeatureBatches(NDManager manager, Batches rows, int width, UnaryOperator<NDArray> map) {
    this.manager = manager;
    this.size = rows.size();
    this.width = width;
    this.labels = rows.labels();
    boolean few = (long) size * width <= MOST_SINGLE;
    rows.forEach(
        (batch, x, y) -> {
          NDArray kept = map.apply(x).toType(few ? DataType.FLOAT32 : DataType.FLOAT16, false);
          kept.attach(manager);
          features.add(kept);
          NDArray labelled = y.duplicate();
          labelled.attach(manager);
          targets.add(labelled);
        });
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int labels() {
    return labels;
  }

  @Override
  public void forEach(Action action) {
    for (int batch = 0; batch < features.size(); batch++) {
      try (NDManager step = manager.newSubManager()) {
        NDArray kept = features.get(batch);
        NDArray y = targets.get(batch);
        step.tempAttachAll(kept, y);
        action.accept(batch, kept.toType(DataType.FLOAT32, false), y);
      }
    }
  }
}

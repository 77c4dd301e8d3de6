package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import io.afina.trainer.data.ExampleSet;
import java.util.Arrays;
import java.util.Random;

/** Takes steps of stochastic gradient descent over examples, in a new order every epoch. */
final class MiniBatches {

  /** Examples of a batch at most and at least, and batches of an epoch where there are few. */
  private static final int LARGEST = 128;

  private static final int SMALLEST = 64;
  private static final int FEWEST = 4;

  private final Trainer trainer;
  private final ExampleBatches examples;
  private final Standardisation standard;
  private final Random random;
  private final int[] order;

  MiniBatches(Trainer trainer, ExampleBatches examples, Standardisation standard, long seed) {
    this.trainer = trainer;
    this.examples = examples;
    this.standard = standard;
    this.random = new Random(seed);
    this.order = new int[examples.size()];
    Arrays.setAll(order, row -> row);
  }

  /** Steps of an epoch over so many examples. */
  static int steps(int examples) {
    int size = size(examples);
    return (examples + size - 1) / size;
  }

  /** Steps over all examples once. */
  void epoch() {
    shuffle();
    int size = size(order.length);
    for (int from = 0; from < order.length; from += size) {
      step(Arrays.copyOfRange(order, from, Math.min(order.length, from + size)));
    }
  }

  private static int size(int examples) {
    return Math.max(SMALLEST, Math.min(LARGEST, examples / FEWEST));
  }

  /** Other examples, on the same device. */
  ExampleBatches batches(ResidentEmbeddings resident, ExampleSet others) {
    return new ExampleBatches(trainer.getManager(), resident, others);
  }

  /** The logits of rows, one after the other. */
  float[][] logits(Batches rows) {
    return LayerOutputs.rows(
        rows, x -> trainer.evaluate(new NDList(standard.apply(x))).singletonOrThrow());
  }

  private void step(int[] rows) {
    // The engine lets one thread of a process collect gradients at a time.
    synchronized (MiniBatches.class) {
      collect(rows);
    }
    try {
      trainer.step();
    } catch (IllegalStateException e) {
      // DJL refuses a first step whose gradients add up to nothing. Those of the last layer always
      // do, and where all inputs are the same there are no others: nothing is to be learned.
    }
  }

  private void collect(int[] rows) {
    try (NDManager mine = trainer.getManager().newSubManager();
        GradientCollector gradients = trainer.newGradientCollector()) {
      NDArray x = standard.apply(examples.inputs(mine, rows));
      NDArray logits = trainer.forward(new NDList(x)).singletonOrThrow();
      NDArray y = examples.targets(mine, rows);
      gradients.backward(trainer.getLoss().evaluate(new NDList(y), new NDList(logits)));
    }
  }

  /** Fisher and Yates. */
  private void shuffle() {
    for (int last = order.length - 1; last > 0; last--) {
      int other = random.nextInt(last + 1);
      int row = order[last];
      order[last] = order[other];
      order[other] = row;
    }
  }
}

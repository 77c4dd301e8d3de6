package io.afina.trainer.fit;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.CosineTracker;
import ai.djl.training.tracker.Tracker;
import io.afina.backbone.EngineDevice;
import io.afina.model.Dense;
import io.afina.trainer.data.ExampleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * Trains the layers of a head with a hidden layer: full-batch Adam on the cross entropy with an L2
 * regularisation, the learning rate annealed along a cosine. The gradient of many examples is
 * accumulated over batches, so that memory does not grow with them. Where a holdout is given, the
 * weights with the least loss on it are taken, of those late in the training.
 *
 * @param device of the engine, where it computes
 * @param hidden width of the hidden layer
 * @param seed of the initial weights
 */
record HiddenTraining(Engine engine, Device device, int hidden, long seed) {

  private static final int STEPS = 40;
  private static final float LEARNING_RATE = 0.02f;
  private static final float LAST_LEARNING_RATE = 0.0005f;

  /** As C of scikit-learn's logistic regression: the inverse of the regularisation strength. */
  private static final float INVERSE_REGULARISATION = 0.03f;

  /** Steps between two evaluations on the holdout, in the second half of the training. */
  private static final int EVALUATE_EVERY = 10;

  /** See {@link HeadTraining#train(ExampleSet, Optional, Optional)}. */
  TrainedLayers train(
      ExampleSet examples, Optional<WarmStart> warmStart, Optional<ExampleSet> holdout) {
    Standardisation standard = Standardisation.of(examples);
    engine.setRandomSeed((int) seed);
    try (Model model = Model.newInstance("head", device, engine.getEngineName())) {
      model.setBlock(block(examples.labels().size()));
      try (Trainer trainer = model.newTrainer(config(device))) {
        trainer.initialize(new Shape(1, examples.width()));
        warmStart
            .filter(start -> fits(start, examples))
            .ifPresent(start -> load(model.getBlock(), start.layers(examples.labels(), standard)));
        List<Dense> best =
            descend(
                trainer,
                model.getBlock(),
                examples,
                standard,
                holdout.map(held -> held.labelledBy(examples.labels())));
        load(model.getBlock(), best);
        return new TrainedLayers(
            standard.fold(best),
            mean(trainer, examples, standard, HiddenTraining::accuracy),
            EngineDevice.word(device));
      }
    }
  }

  private boolean fits(WarmStart start, ExampleSet examples) {
    return start.layers().size() == 2
        && start.layers().get(0).outputs() == hidden
        && start.backbone().equals(examples.backbone());
  }

  private Block block(int labels) {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(hidden).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(labels).build());
  }

  private static DefaultTrainingConfig config(Device device) {
    Tracker rate =
        CosineTracker.builder()
            .setBaseValue(LEARNING_RATE)
            .optFinalValue(LAST_LEARNING_RATE)
            .setMaxUpdates(STEPS)
            .build();
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(rate).build())
        .optInitializer(new XavierInitializer(), Parameter.Type.WEIGHT)
        .optDevices(new Device[] {device});
  }

  /** Takes all steps, and gives the best weights. */
  private static List<Dense> descend(
      Trainer trainer,
      Block block,
      ExampleSet examples,
      Standardisation standard,
      Optional<ExampleSet> holdout) {
    List<Parameter> weights = parameters(block, Parameter.Type.WEIGHT);
    float regularisation = 1 / (INVERSE_REGULARISATION * examples.size());
    List<Dense> best = List.of();
    double least = Double.POSITIVE_INFINITY;
    try (ExampleBatches batches = new ExampleBatches(trainer.getManager(), examples)) {
      for (int step = 1; step <= STEPS; step++) {
        step(trainer, weights, regularisation, batches, standard);
        boolean late = step > STEPS / 2 && (step % EVALUATE_EVERY == 0 || step == STEPS);
        if (holdout.isPresent() && late) {
          double loss =
              mean(
                  trainer,
                  holdout.get(),
                  standard,
                  (logits, y) -> trainer.getLoss().evaluate(new NDList(y), new NDList(logits)));
          best = loss < least ? layers(block) : best;
          least = Math.min(loss, least);
        }
      }
    }
    return best.isEmpty() ? layers(block) : best;
  }

  /**
   * One step over all batches. Results belong to the manager of their first operand: what is lent
   * to the manager of one batch is freed with it, and what was there before goes back.
   */
  private static void step(
      Trainer trainer,
      List<Parameter> weights,
      float regularisation,
      ExampleBatches batches,
      Standardisation standard) {
    try (GradientCollector gradients = trainer.newGradientCollector()) {
      batches.forEach(
          (batch, x, y, share) -> {
            weights.forEach(weight -> x.getManager().tempAttachAll(weight.getArray()));
            NDArray logits = trainer.forward(new NDList(standard.apply(x))).singletonOrThrow();
            NDArray loss = trainer.getLoss().evaluate(new NDList(y), new NDList(logits));
            for (Parameter weight : weights) {
              loss = loss.add(weight.getArray().square().sum().mul(regularisation / 2));
            }
            gradients.backward(loss.mul(share));
          });
    }
    trainer.step();
  }

  /** The mean over all examples of what a batch's logits and targets give. */
  private static double mean(
      Trainer trainer,
      ExampleSet examples,
      Standardisation standard,
      BinaryOperator<NDArray> measure) {
    double[] mean = new double[1];
    try (ExampleBatches batches = new ExampleBatches(trainer.getManager(), examples)) {
      batches.forEach(
          (batch, x, y, share) -> {
            NDArray logits = trainer.evaluate(new NDList(standard.apply(x))).singletonOrThrow();
            mean[0] += share * measure.apply(logits, y).getFloat();
          });
    }
    return mean[0];
  }

  private static NDArray accuracy(NDArray logits, NDArray y) {
    NDArray right = logits.argMax(1).toType(DataType.INT32, false).eq(y);
    return right.toType(DataType.FLOAT32, false).mean();
  }

  private static void load(Block block, List<Dense> layers) {
    List<Parameter> weights = parameters(block, Parameter.Type.WEIGHT);
    List<Parameter> biases = parameters(block, Parameter.Type.BIAS);
    for (int n = 0; n < layers.size(); n++) {
      weights.get(n).getArray().set(layers.get(n).rows());
      biases.get(n).getArray().set(layers.get(n).bias());
    }
  }

  private static List<Dense> layers(Block block) {
    List<Parameter> weights = parameters(block, Parameter.Type.WEIGHT);
    List<Parameter> biases = parameters(block, Parameter.Type.BIAS);
    List<Dense> layers = new ArrayList<>();
    for (int n = 0; n < weights.size(); n++) {
      Shape shape = weights.get(n).getArray().getShape();
      layers.add(
          Dense.ofRows(
              (int) shape.get(1),
              (int) shape.get(0),
              weights.get(n).getArray().toFloatArray(),
              biases.get(n).getArray().toFloatArray()));
    }
    return layers;
  }

  private static List<Parameter> parameters(Block block, Parameter.Type type) {
    return block.getParameters().values().stream()
        .filter(parameter -> parameter.getType() == type)
        .toList();
  }
}

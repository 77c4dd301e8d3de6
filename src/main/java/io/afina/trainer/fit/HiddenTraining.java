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
import io.afina.trainer.fit.HeadTraining.Trained;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Trains a head with a hidden layer: Adam on the cross entropy with an L2 penalty, every step over
 * all examples, the learning rate falling along a cosine. The gradient of many examples is summed
 * over slices, so that memory does not grow with them; where a holdout is given, the weights that
 * were best on it late in the training are taken.
 */
final class HiddenTraining {

  private static final int STEPS = 40;
  private static final float LEARNING_RATE = 0.02f;
  private static final float LAST_LEARNING_RATE = 0.0005f;

  /** The penalty is that of scikit-learn's logistic regression with this C, per example. */
  private static final float INVERSE_PENALTY = 0.03f;

  /** Steps between two looks at the holdout, in the second half of the training. */
  private static final int LOOK_EVERY = 10;

  private final int hidden;
  private final long seed;

  /**
   * @param hidden width of the hidden layer
   * @param seed of the first weights
   */
  HiddenTraining(int hidden, long seed) {
    this.hidden = hidden;
    this.seed = seed;
  }

  /**
   * Trains on all rows.
   *
   * @param warmStart where to start from; one of another form or backbone is not used
   * @param holdout not trained on, with no label that {@code data} lacks: chooses among the weights
   */
  Trained train(ExampleSet data, Optional<WarmStart> warmStart, Optional<ExampleSet> holdout) {
    Standardisation standard = Standardisation.of(data);
    Engine.getEngine(HeadTraining.ENGINE).setRandomSeed((int) seed);
    try (Model model = Model.newInstance("head", HeadTraining.device(), HeadTraining.ENGINE)) {
      model.setBlock(block(data.labels().size()));
      try (Trainer trainer = model.newTrainer(config())) {
        trainer.initialize(new Shape(1, data.width()));
        warmStart
            .filter(start -> fits(start, data))
            .ifPresent(start -> load(model.getBlock(), start.layers(data.labels(), standard)));
        Optional<ExampleSet> judging = holdout.map(held -> held.labelledBy(data.labels()));
        List<Dense> best = descend(trainer, model.getBlock(), data, standard, judging);
        load(model.getBlock(), best);
        return new Trained(
            standard.fold(best),
            accuracy(trainer, data, standard),
            EngineDevice.word(HeadTraining.device()));
      }
    }
  }

  private boolean fits(WarmStart start, ExampleSet data) {
    return start.layers().size() == 2
        && start.layers().get(0).outputs() == hidden
        && start.backbone().equals(data.backbone());
  }

  private Block block(int labels) {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(hidden).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(labels).build());
  }

  private DefaultTrainingConfig config() {
    Tracker rate =
        CosineTracker.builder()
            .setBaseValue(LEARNING_RATE)
            .optFinalValue(LAST_LEARNING_RATE)
            .setMaxUpdates(STEPS)
            .build();
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(rate).build())
        .optInitializer(new XavierInitializer(), Parameter.Type.WEIGHT)
        .optDevices(new Device[] {HeadTraining.device()});
  }

  /** Takes all steps, and gives the best weights. */
  private List<Dense> descend(
      Trainer trainer,
      Block block,
      ExampleSet data,
      Standardisation standard,
      Optional<ExampleSet> holdout) {
    List<Parameter> weights = parameters(block, Parameter.Type.WEIGHT);
    float penalty = 1 / (INVERSE_PENALTY * data.size());
    List<Dense> best = List.of();
    double least = Double.POSITIVE_INFINITY;
    try (ExampleBatches slices = new ExampleBatches(trainer.getManager(), data)) {
      for (int step = 1; step <= STEPS; step++) {
        step(trainer, weights, penalty, slices, standard);
        boolean late = step > STEPS / 2 && (step % LOOK_EVERY == 0 || step == STEPS);
        if (holdout.isPresent() && late) {
          double loss = loss(trainer, holdout.get(), standard);
          best = loss < least ? layers(block) : best;
          least = Math.min(loss, least);
        }
      }
    }
    return best.isEmpty() ? layers(block) : best;
  }

  /**
   * One step over all slices. Results belong to the manager of their first operand: what is lent to
   * the manager of one slice is freed with it, and what was there before goes back.
   */
  private static void step(
      Trainer trainer,
      List<Parameter> weights,
      float penalty,
      ExampleBatches slices,
      Standardisation standard) {
    try (GradientCollector gradients = trainer.newGradientCollector()) {
      slices.forEach(
          (slice, x, y, share) -> {
            weights.forEach(weight -> x.getManager().tempAttachAll(weight.getArray()));
            NDArray logits = trainer.forward(new NDList(standard.apply(x))).singletonOrThrow();
            NDArray loss = trainer.getLoss().evaluate(new NDList(y), new NDList(logits));
            for (Parameter weight : weights) {
              loss = loss.add(weight.getArray().square().sum().mul(penalty / 2));
            }
            gradients.backward(loss.mul(share));
          });
    }
    trainer.step();
  }

  /** Mean cross entropy. */
  private static double loss(Trainer trainer, ExampleSet data, Standardisation standard) {
    double[] loss = new double[1];
    try (ExampleBatches slices = new ExampleBatches(trainer.getManager(), data)) {
      slices.forEach(
          (slice, x, y, share) -> {
            NDArray logits = trainer.evaluate(new NDList(standard.apply(x))).singletonOrThrow();
            NDArray mean = trainer.getLoss().evaluate(new NDList(y), new NDList(logits));
            loss[0] += share * mean.getFloat();
          });
    }
    return loss[0];
  }

  private static double accuracy(Trainer trainer, ExampleSet data, Standardisation standard) {
    double[] accuracy = new double[1];
    try (ExampleBatches slices = new ExampleBatches(trainer.getManager(), data)) {
      slices.forEach(
          (slice, x, y, share) -> {
            NDArray logits = trainer.evaluate(new NDList(standard.apply(x))).singletonOrThrow();
            NDArray right = logits.argMax(1).toType(DataType.INT32, false).eq(y);
            accuracy[0] += share * right.toType(DataType.FLOAT32, false).mean().getFloat();
          });
    }
    return accuracy[0];
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

package io.afina.trainer;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
import io.afina.model.Dense;
import io.afina.trainer.Dataset.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a head on all examples at once with DJL: Adam on the cross entropy with an L2 penalty, the
 * learning rate falling along a cosine. The embeddings are standardised (their mean subtracted,
 * divided by one common deviation) and the standardisation is folded into the first layer
 * afterwards, so that a head takes embeddings as they come.
 */
final class HeadTraining {

  private static final Logger LOG = LoggerFactory.getLogger(HeadTraining.class);
  private static final String ENGINE = "PyTorch";

  /**
   * A dense head costs little and converges; one with a hidden layer fits sooner, and a step takes
   * twenty times as long.
   */
  private static final int DENSE_STEPS = 120;

  private static final int HIDDEN_STEPS = 40;
  private static final float LEARNING_RATE = 0.02f;
  private static final float LAST_LEARNING_RATE = 0.0005f;

  /** The penalty is that of scikit-learn's logistic regression with this C, per example. */
  private static final float INVERSE_PENALTY = 0.03f;

  private final int hidden;
  private final long seed;

  /**
   * @param hidden width of a hidden layer, or 0 for a dense head
   * @param seed of the first weights
   */
  HeadTraining(int hidden, long seed) {
    this.hidden = hidden;
    this.seed = seed;
  }

  /**
   * What came out.
   *
   * @param layers take embeddings as they come
   * @param accuracy share of the rows that they get right, 0 to 1
   * @param device where they were trained
   */
  record Trained(List<Dense> layers, double accuracy, String device) {}

  /**
   * Trains on next to nothing, anew and on: loading the engine and its first steps take seconds.
   */
  void warmUp() {
    Matrix tiny = new Matrix("", 1, new float[] {0, 1}, new int[] {0, 1}, List.of("no", "yes"));
    Trained once = train(tiny, Optional.empty());
    train(tiny, Optional.of(new WarmStart(tiny.backbone(), tiny.labels(), once.layers())));
    LOG.info("training runs on {}", once.device());
  }

  /** The device that training uses: the first GPU where there is one. */
  static Device device() {
    return Engine.getEngine(ENGINE).getGpuCount() > 0 ? Device.gpu() : Device.cpu();
  }

  /**
   * Trains on all rows.
   *
   * @param warmStart where to start from; one of another form or backbone is not used
   */
  Trained train(Matrix data, Optional<WarmStart> warmStart) {
    Standardisation standard = Standardisation.of(data.values(), data.width());
    Engine.getEngine(ENGINE).setRandomSeed((int) seed);
    try (Model model = Model.newInstance("head", device(), ENGINE)) {
      model.setBlock(block(data.labels().size()));
      try (Trainer trainer = model.newTrainer(config())) {
        trainer.initialize(new Shape(1, data.width()));
        warmStart
            .filter(start -> fits(start, data))
            .ifPresent(start -> load(model.getBlock(), start.layers(data.labels(), standard)));
        double accuracy = descend(trainer, model.getBlock(), data, standard);
        return new Trained(standard.fold(layers(model.getBlock())), accuracy, device().toString());
      }
    }
  }

  private boolean fits(WarmStart start, Matrix data) {
    boolean sameDepth = start.layers().size() == (hidden > 0 ? 2 : 1);
    return sameDepth
        && (hidden == 0 || start.layers().get(0).outputs() == hidden)
        && start.backbone().equals(data.backbone());
  }

  private Block block(int labels) {
    Linear output = Linear.builder().setUnits(labels).build();
    if (hidden == 0) {
      return new SequentialBlock().add(output);
    }
    return new SequentialBlock()
        .add(Linear.builder().setUnits(hidden).build())
        .add(Activation.reluBlock())
        .add(output);
  }

  private int steps() {
    return hidden == 0 ? DENSE_STEPS : HIDDEN_STEPS;
  }

  private DefaultTrainingConfig config() {
    Tracker rate =
        CosineTracker.builder()
            .setBaseValue(LEARNING_RATE)
            .optFinalValue(LAST_LEARNING_RATE)
            .setMaxUpdates(steps())
            .build();
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(rate).build())
        .optInitializer(new XavierInitializer(), Parameter.Type.WEIGHT)
        .optDevices(new Device[] {device()});
  }

  /** Takes all steps, and says which share of the rows is right afterwards. */
  private double descend(Trainer trainer, Block block, Matrix data, Standardisation standard) {
    List<Parameter> weights = parameters(block, Parameter.Type.WEIGHT);
    float penalty = 1 / (INVERSE_PENALTY * data.rows());
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray x =
          manager.create(standard.apply(data.values()), new Shape(data.rows(), data.width()));
      NDArray y = manager.create(data.targets());
      for (int step = 0; step < steps(); step++) {
        step(trainer, weights, penalty, x, y);
      }
      return accuracy(trainer.evaluate(new NDList(x)).singletonOrThrow(), y);
    }
  }

  private static double accuracy(NDArray logits, NDArray y) {
    NDArray right = logits.argMax(1).toType(DataType.INT32, false).eq(y);
    return right.toType(DataType.FLOAT32, false).mean().getFloat();
  }

  /**
   * Results belong to the manager of their first operand: what is lent to the manager of one step
   * is freed with it, and what was there before goes back.
   */
  private static void step(
      Trainer trainer, List<Parameter> weights, float penalty, NDArray x, NDArray y) {
    try (NDManager step = x.getManager().newSubManager()) {
      step.tempAttachAll(x, y);
      weights.forEach(weight -> step.tempAttachAll(weight.getArray()));
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDArray logits = trainer.forward(new NDList(x)).singletonOrThrow();
        NDArray loss = trainer.getLoss().evaluate(new NDList(y), new NDList(logits));
        for (Parameter weight : weights) {
          loss = loss.add(weight.getArray().square().sum().mul(penalty / 2));
        }
        gradients.backward(loss);
      }
      trainer.step();
    }
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

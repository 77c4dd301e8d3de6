package io.afina.trainer.fit;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.LinearTracker;
import ai.djl.training.tracker.Tracker;
import io.afina.backbone.EngineDevice;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Layer;
import io.afina.trainer.data.ExampleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Trains a head with a hidden layer as the textbook of transfer learning has it: AdamW on the cross
 * entropy, mini-batches in a new order every epoch, a learning rate that falls along a line. Where
 * there are examples to select by, the weights of the epoch with the least loss on them are taken.
 *
 * @param hidden width of the hidden layer
 * @param seed of the initial weights and of the orders
 */
record HiddenTraining(Engine engine, ResidentEmbeddings resident, int hidden, long seed)
    implements FormTraining {

  /** Of a training from nothing, and of one from the layers of a head. */
  private static final int EPOCHS = 12;

  private static final int WARM_EPOCHS = 1;

  /** Of a training from nothing: few examples are seen more often. */
  private static final int FEWEST_STEPS = 50;

  /** Uniform up to √(6 / (inputs + outputs)), as scikit-learn's MLPClassifier begins. */
  private static final float GLOROT = 3;

  /** Epochs without improvement after which a training ends. */
  private static final int PATIENCE = 2;

  private static final float LEARNING_RATE = 2e-3f;
  private static final float WARM_LEARNING_RATE = 2e-4f;

  @Override
  public Fit open(
      ExampleSet examples, Optional<WarmStart> warmStart, Optional<ExampleSet> selection) {
    return new Fit() {
      @Override
      public TrainedLayers train(HeadRecipe recipe) {
        return HiddenTraining.this.train(
            recipe, examples, warmStart.filter(start -> fits(start, examples)), selection);
      }

      @Override
      public void close() {
        // Each training has a manager of its own.
      }
    };
  }

  private TrainedLayers train(
      HeadRecipe recipe,
      ExampleSet examples,
      Optional<WarmStart> start,
      Optional<ExampleSet> selection) {
    Device device = resident.manager().getDevice();
    engine.setRandomSeed((int) seed);
    int epochs = start.isPresent() ? WARM_EPOCHS : epochs(examples.size());
    float rate = start.isPresent() ? WARM_LEARNING_RATE : LEARNING_RATE;
    int steps = epochs * MiniBatches.steps(examples.size());
    try (Model model = Model.newInstance("head", device, engine.getEngineName())) {
      Block block = block(examples.labels().size());
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(config(device, recipe, rate, steps));
          ExampleBatches batches = new ExampleBatches(trainer.getManager(), resident, examples)) {
        trainer.initialize(new Shape(1, examples.width()));
        Standardisation standard = Standardisation.of(batches);
        start.ifPresent(head -> load(block, layers(head, examples.labels(), standard)));
        MiniBatches descent = new MiniBatches(trainer, batches, standard, seed);
        int most = recipe.epochs() > 0 ? Math.min(epochs, recipe.epochs()) : epochs;
        Epoch best =
            selection
                .map(held -> held.among(examples.labels()))
                .filter(held -> held.size() > 0)
                .map(held -> selected(descent, block, most, held))
                .orElseGet(() -> last(descent, block, most));
        load(block, best.layers());
        return new TrainedLayers(
            new HeadRecipe(Form.HIDDEN, recipe.strength(), best.number()),
            folded(best.layers(), standard),
            LayerOutputs.accuracy(descent.logits(batches), examples.targets()),
            EngineDevice.word(device));
      }
    }
  }

  /** The layers after so many epochs, from 1. */
  private record Epoch(int number, double loss, List<Dense> layers) {}

  private static Epoch last(MiniBatches descent, Block block, int epochs) {
    for (int epoch = 1; epoch <= epochs; epoch++) {
      descent.epoch();
    }
    return new Epoch(epochs, Double.NaN, layers(block));
  }

  /** The epoch with the least loss on these examples; ends when some in a row were no better. */
  private Epoch selected(MiniBatches descent, Block block, int epochs, ExampleSet selection) {
    try (ExampleBatches unseen = descent.batches(resident, selection)) {
      Epoch best = new Epoch(0, Double.POSITIVE_INFINITY, layers(block));
      for (int epoch = 1; epoch <= epochs && epoch <= best.number() + PATIENCE; epoch++) {
        descent.epoch();
        double loss =
            CalibratedLosses.mean(CalibratedLosses.of(descent.logits(unseen), selection.targets()));
        best = loss < best.loss() ? new Epoch(epoch, loss, layers(block)) : best;
      }
      return best;
    }
  }

  private static List<Layer> folded(List<Dense> layers, Standardisation standard) {
    return List.of(standard.fold(layers.get(0)), layers.get(1));
  }

  private static List<Dense> layers(
      WarmStart start, List<String> labels, Standardisation standard) {
    return List.of(standard.unfold((Dense) start.layers().get(0)), start.last(labels));
  }

  private static int epochs(int examples) {
    return Math.max(EPOCHS, FEWEST_STEPS / MiniBatches.steps(examples));
  }

  /** A label that is new is not learned in an epoch. */
  private boolean fits(WarmStart start, ExampleSet examples) {
    return start.labels().equals(examples.labels())
        && start.layers().size() == 2
        && start.layers().get(0) instanceof Dense first
        && first.outputs() == hidden;
  }

  private Block block(int labels) {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(hidden).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(labels).build());
  }

  private static DefaultTrainingConfig config(
      Device device, HeadRecipe recipe, float rate, int steps) {
    Tracker falling =
        LinearTracker.builder().setBaseValue(rate).optSlope(-rate / steps).optMinValue(0).build();
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optOptimizer(
            Optimizer.adamW()
                .optLearningRateTracker(falling)
                .optWeightDecays((float) (1 / recipe.strength()))
                .build())
        .optInitializer(
            new XavierInitializer(RandomType.UNIFORM, FactorType.AVG, GLOROT),
            Parameter.Type.WEIGHT)
        .optDevices(new Device[] {device});
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

package io.afina.trainer.fit;

import ai.djl.engine.Engine;
import io.afina.backbone.EngineDevice;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Dense;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the layers of a head. A dense head is the logistic regression that scikit-learn fits by
 * default: the cross entropy of all examples and an L2 regularisation of the weights of raw
 * embeddings, not of the biases. The problem is convex and is solved to its minimum, so that
 * neither seed nor start matter. Meanwhile the embeddings are standardised; the standardisation is
 * folded into the first layer afterwards.
 *
 * @param hidden width of a hidden layer, or 0 for a dense head
 * @param seed of the initial weights
 */
public record HeadTraining(int hidden, long seed) {

  private static final Logger LOG = LoggerFactory.getLogger(HeadTraining.class);

  /** The default of scikit-learn's C, the inverse of the regularisation strength. */
  private static final double INVERSE_REGULARISATION = 1;

  /**
   * Trains on two examples, without a warm start and with one: loading the engine and its first
   * steps take seconds.
   */
  public void warmUp() {
    Dataset dataset = new Dataset();
    for (int n = 0; n < 2; n++) {
      Embedding embedding = new Embedding("", new float[] {n});
      dataset.apply(
          "id-" + n, new TrainingExample("label " + n, null, Instant.EPOCH, embedding), 0, n);
    }
    ExampleSet tiny = dataset.examples(1).orElseThrow();
    TrainedLayers trained = train(tiny);
    WarmStart start = new WarmStart(tiny.backbone(), tiny.labels(), trained.layers());
    train(tiny, Optional.of(start), Optional.of(tiny));
    LOG.atInfo().addKeyValue("device", trained.device()).log("training is ready");
  }

  /** Who may take part, simplest first; a fixed form has its strengths only. */
  public List<HeadRecipe> recipes(ExampleSet examples, Optional<Form> fixed) {
    Stream<HeadRecipe> dense =
        Stream.of(0.01, 0.1, 1.0, 10.0)
            .map(strength -> new HeadRecipe(fixed.orElse(Form.DENSE), strength, 0));
    Stream<HeadRecipe> wide = Stream.of(new HeadRecipe(Form.HIDDEN, 0.03, 0));
    return fixed.isPresent()
        ? (fixed.get() == Form.HIDDEN ? wide : dense).toList()
        : Stream.concat(dense, hidden > 0 ? wide : Stream.of()).toList();
  }

  /** Trains on exactly these examples; what was chosen is in the result's recipe. */
  public TrainedLayers train(
      HeadRecipe recipe,
      ExampleSet examples,
      Optional<WarmStart> warmStart,
      Optional<ExampleSet> selection) {
    Engine engine = Engine.getEngine("PyTorch");
    TrainedLayers trained =
        recipe.form() == Form.HIDDEN
            ? wide(engine, examples, warmStart, selection)
            : dense(engine, examples, warmStart, recipe.strength());
    int epochs = recipe.form() == Form.HIDDEN && selection.isPresent() ? 40 : recipe.epochs();
    return new TrainedLayers(
        trained.layers(),
        trained.accuracy(),
        trained.device(),
        new HeadRecipe(recipe.form(), recipe.strength(), epochs));
  }

  /** Trains on all examples, without a warm start or a holdout. */
  public TrainedLayers train(ExampleSet examples) {
    return train(examples, Optional.empty(), Optional.empty());
  }

  /**
   * Trains on all examples.
   *
   * @param warmStart the initial weights; those of another form or backbone are not used
   * @param holdout not trained on, with no label that the examples lack: where training is stopped
   *     early, it chooses among the weights
   */
  public TrainedLayers train(
      ExampleSet examples, Optional<WarmStart> warmStart, Optional<ExampleSet> holdout) {
    Engine engine = Engine.getEngine("PyTorch");
    return hidden > 0
        ? wide(engine, examples, warmStart, holdout)
        : dense(engine, examples, warmStart, INVERSE_REGULARISATION);
  }

  /** One at a time: the engine collects one gradient at a time in a process. */
  private TrainedLayers wide(
      Engine engine,
      ExampleSet examples,
      Optional<WarmStart> warmStart,
      Optional<ExampleSet> selection) {
    synchronized (HeadTraining.class) {
      return new HiddenTraining(engine, hidden, seed).train(examples, warmStart, selection);
    }
  }

  private static TrainedLayers dense(
      Engine engine, ExampleSet examples, Optional<WarmStart> warmStart, double strength) {
    Standardisation standard = Standardisation.of(examples);
    try (SoftmaxLoss loss =
        new SoftmaxLoss(engine, examples, standard, regularisation(examples, standard, strength))) {
      double[] start =
          warmStart
              .filter(head -> head.layers().size() == 1)
              .filter(head -> head.backbone().equals(examples.backbone()))
              .map(head -> loss.parameters(head.layers(examples.labels(), standard).get(0)))
              .orElseGet(() -> new double[loss.dimension()]);
      double[] minimum = new NewtonMethod(loss).minimise(start);
      List<Dense> layers = standard.fold(List.of(loss.layer(minimum)));
      return new TrainedLayers(
          layers,
          loss.accuracy(minimum),
          EngineDevice.word(engine.defaultDevice()),
          new HeadRecipe(Form.DENSE, strength, 0));
    }
  }

  /**
   * The regularisation strength per example, for standardised embeddings. For two labels
   * scikit-learn has one row of weights where this has two, each half as long: twice the strength
   * gives the same loss.
   */
  private static double regularisation(
      ExampleSet examples, Standardisation standard, double strength) {
    double variance = (double) standard.deviation() * standard.deviation();
    double factor = examples.labels().size() == 2 ? 2 : 1;
    return factor / (strength * variance * examples.size());
  }
}

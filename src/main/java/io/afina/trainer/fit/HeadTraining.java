package io.afina.trainer.fit;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.afina.backbone.EngineDevice;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Dense;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
 * @param device of PyTorch's, where it computes
 */
public record HeadTraining(int hidden, long seed, Device device) {

  private static final Logger LOG = LoggerFactory.getLogger(HeadTraining.class);

  /** The default of scikit-learn's C, the inverse of the regularisation strength. */
  private static final double INVERSE_REGULARISATION = 1;

  /** Trains on the CPU. */
  public HeadTraining(int hidden, long seed) {
    this(hidden, seed, Device.cpu());
  }

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
        ? new HiddenTraining(engine, device, hidden, seed).train(examples, warmStart, holdout)
        : dense(engine, examples, warmStart);
  }

  private TrainedLayers dense(Engine engine, ExampleSet examples, Optional<WarmStart> warmStart) {
    Standardisation standard = Standardisation.of(examples);
    try (SoftmaxLoss loss =
        new SoftmaxLoss(engine, device, examples, standard, regularisation(examples, standard))) {
      double[] start =
          warmStart
              .filter(head -> head.layers().size() == 1)
              .filter(head -> head.backbone().equals(examples.backbone()))
              .map(head -> loss.parameters(head.layers(examples.labels(), standard).get(0)))
              .orElseGet(() -> new double[loss.dimension()]);
      double[] minimum = new NewtonMethod(loss).minimise(start);
      List<Dense> layers = standard.fold(List.of(loss.layer(minimum)));
      return new TrainedLayers(layers, loss.accuracy(minimum), EngineDevice.word(device));
    }
  }

  /**
   * The regularisation strength per example, for standardised embeddings. For two labels
   * scikit-learn has one row of weights where this has two, each half as long: twice the strength
   * gives the same loss.
   */
  private static double regularisation(ExampleSet examples, Standardisation standard) {
    double variance = (double) standard.deviation() * standard.deviation();
    double factor = examples.labels().size() == 2 ? 2 : 1;
    return factor / (INVERSE_REGULARISATION * variance * examples.size());
  }
}

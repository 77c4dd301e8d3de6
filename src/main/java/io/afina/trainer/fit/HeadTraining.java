package io.afina.trainer.fit;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.afina.backbone.EngineDevice;
import io.afina.model.Dense;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.EmbeddingBlocks;
import io.afina.trainer.data.ExampleSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a head. For a dense one the problem is convex, and the same as scikit-learn's logistic
 * regression solves by default: the cross entropy of all examples and an L2 penalty on the weights
 * of embeddings as they come, not on the biases. It is solved to its minimum, so that neither seed
 * nor start matter. Meanwhile the embeddings are standardised (their mean subtracted, divided by
 * one common deviation); the standardisation is folded into the first layer afterwards.
 */
public final class HeadTraining {

  static final String ENGINE = "PyTorch";

  private static final Logger LOG = LoggerFactory.getLogger(HeadTraining.class);

  /** scikit-learn's C. */
  private static final double INVERSE_PENALTY = 1;

  private final int hidden;
  private final long seed;

  /**
   * A training of heads of one form.
   *
   * @param hidden width of a hidden layer, or 0 for a dense head
   * @param seed of the first weights
   */
  public HeadTraining(int hidden, long seed) {
    this.hidden = hidden;
    this.seed = seed;
  }

  /**
   * What came out.
   *
   * @param layers take embeddings as they come
   * @param accuracy share of the rows that they get right, 0 to 1
   * @param device where they were trained, such as {@code cpu} or {@code gpu:0}
   */
  public record Trained(List<Dense> layers, double accuracy, String device) {}

  /**
   * Trains on next to nothing, anew and on: loading the engine and its first steps take seconds.
   */
  public void warmUp() {
    EmbeddingBlocks blocks = new EmbeddingBlocks(1);
    List<Dataset.Row> rows =
        List.of(
            new Dataset.Row("0", "no", "", 0, 0, 1, blocks.add(new float[] {0})),
            new Dataset.Row("1", "yes", "", 0, 1, 2, blocks.add(new float[] {1})));
    ExampleSet tiny = new ExampleSet("", blocks, List.of("no", "yes"), rows, new int[] {0, 1});
    Trained once = train(tiny, Optional.empty(), Optional.empty());
    train(
        tiny,
        Optional.of(new WarmStart(tiny.backbone(), tiny.labels(), once.layers())),
        Optional.of(tiny));
    LOG.atInfo().addKeyValue("device", once.device()).log("training is ready");
  }

  /** The device that training uses: the first GPU where there is one. */
  static Device device() {
    return Engine.getEngine(ENGINE).getGpuCount() > 0 ? Device.gpu() : Device.cpu();
  }

  /**
   * Trains on all rows.
   *
   * @param warmStart where to start from; one of another form or backbone is not used
   * @param holdout not trained on, with no label that {@code data} lacks: where the end of a
   *     training is a matter of taste, it chooses among the weights
   */
  public Trained train(
      ExampleSet data, Optional<WarmStart> warmStart, Optional<ExampleSet> holdout) {
    return hidden > 0
        ? new HiddenTraining(hidden, seed).train(data, warmStart, holdout)
        : dense(data, warmStart);
  }

  private static Trained dense(ExampleSet data, Optional<WarmStart> warmStart) {
    Standardisation standard = Standardisation.of(data);
    try (SoftmaxLoss loss =
        new SoftmaxLoss(device(), ENGINE, data, standard, penalty(data, standard))) {
      double[] start =
          warmStart
              .filter(head -> head.layers().size() == 1)
              .filter(head -> head.backbone().equals(data.backbone()))
              .map(head -> loss.parameters(head.layers(data.labels(), standard).get(0)))
              .orElseGet(() -> new double[loss.dimension()]);
      double[] found = new NewtonMethod(loss).minimise(start);
      List<Dense> layers = standard.fold(List.of(loss.layer(found)));
      return new Trained(layers, loss.accuracy(found), EngineDevice.word(device()));
    }
  }

  /**
   * Per example, and for standardised embeddings. Of two labels scikit-learn has one row of weights
   * where this has two, which share its length: the same penalty is twice as much for them.
   */
  private static double penalty(ExampleSet data, Standardisation standard) {
    double variance = (double) standard.deviation() * standard.deviation();
    double share = data.labels().size() == 2 ? 2 : 1;
    return share / (INVERSE_PENALTY * variance * data.size());
  }
}

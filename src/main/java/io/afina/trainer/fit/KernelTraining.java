package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.afina.backbone.EngineDevice;
import io.afina.event.Sha256;
import io.afina.model.HeadRecipe;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Landmarks;
import io.afina.trainer.data.ExampleSet;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * Trains a kernel machine that needs no more than some landmarks, by Nyström's method: with the
 * similarities K of the landmarks to each other, and K = L Lᵀ, the similarities of an embedding to
 * them times L⁻ᵀ are features in which a linear model is one of the radial basis function kernel.
 * The model is {@link LogisticRegression}; L⁻ᵀ is folded into its layer. Landmarks are those
 * examples with the smallest hashes of their ids, so that few change when examples come.
 */
record KernelTraining(NDManager manager, ResidentEmbeddings resident) implements FormTraining {

  /** The similarity to the mean of an example at the mean distance from it is exp(-GAMMA). */
  private static final double GAMMA = 0.3;

  /**
   * Dimensions are standardised, but one that varies less than this share of their common deviation
   * is no more than so much enlarged.
   */
  private static final float LEAST_DEVIATION = 0.1f;

  /**
   * Added to the similarity of a landmark to itself, 1, for the decomposition; more where that has
   * no positive definite matrix in single precision, as where very many are the same picture.
   */
  private static final double JITTER = 1e-4;

  /** With more than all other similarities of a landmark together any matrix is. */
  private static final double MOST_JITTER = Landmarks.MOST;

  @Override
  public Fit open(
      ExampleSet examples, Optional<WarmStart> warmStart, Optional<ExampleSet> selection) {
    NDManager mine = manager.newSubManager();
    try (ExampleBatches batches = new ExampleBatches(mine, resident, examples)) {
      Landmarks landmarks =
          warmStart
              .flatMap(KernelTraining::landmarks)
              .filter(known -> known.outputs() == Math.min(Landmarks.MOST, examples.size()))
              .filter(known -> areExamples(known, examples))
              .orElseGet(() -> landmarks(examples, Standardisation.of(batches)));
      UnaryOperator<NDArray> similarities = LayerOutputs.function(mine, List.of(landmarks));
      NDArray whitening = whitening(mine, landmarks, similarities);
      FeatureBatches features =
          new FeatureBatches(
              mine,
              batches,
              landmarks.outputs(),
              x -> similarities.apply(x).matMul(attached(whitening, x)));
      return new KernelFit(mine, landmarks, whitening, new LogisticRegression(mine, features));
    } catch (RuntimeException e) {
      mine.close();
      throw e;
    }
  }

  /** Those of a head that has some: a few examples more need no others. */
  private static Optional<Landmarks> landmarks(WarmStart start) {
    return start.layers().get(0) instanceof Landmarks known ? Optional.of(known) : Optional.empty();
  }

  /** What was erased or withdrawn must not live on as a landmark. */
  private static boolean areExamples(Landmarks known, ExampleSet examples) {
    Set<Integer> hashes = new HashSet<>();
    float[] row = new float[examples.width()];
    for (int i = 0; i < examples.size(); i++) {
      examples.copy(i, row, 0);
      hashes.add(Arrays.hashCode(row));
    }
    return known.all().stream().map(Arrays::hashCode).allMatch(hashes::contains);
  }

  private static Landmarks landmarks(ExampleSet examples, Standardisation standard) {
    int[] rows = smallestHashes(examples);
    float[] points = new float[rows.length * examples.width()];
    for (int n = 0; n < rows.length; n++) {
      examples.copy(rows[n], points, n * examples.width());
    }
    float[] scale = new float[examples.width()];
    for (int i = 0; i < scale.length; i++) {
      float deviation = Math.max(standard.deviations()[i], LEAST_DEVIATION * standard.deviation());
      scale[i] = (float) Math.sqrt(GAMMA / examples.width()) / deviation;
    }
    return Landmarks.ofRows(points, scale);
  }

  private static int[] smallestHashes(ExampleSet examples) {
    double[] hashes =
        examples.examples().stream()
            .mapToDouble(example -> Sha256.fraction(example.id().getBytes(StandardCharsets.UTF_8)))
            .toArray();
    return IntStream.range(0, examples.size())
        .boxed()
        .sorted(Comparator.comparingDouble(row -> hashes[row]))
        .limit(Landmarks.MOST)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** L⁻ᵀ, {@code [landmarks, landmarks]}. */
  private static NDArray whitening(
      NDManager owner, Landmarks landmarks, UnaryOperator<NDArray> similarities) {
    int size = landmarks.outputs();
    try (NDManager mine = owner.newSubManager()) {
      NDArray points = mine.create(landmarks.rows(), new Shape(size, landmarks.inputs()));
      float[] similar = similarities.apply(points).toFloatArray();
      double[] upper = new double[size * size];
      RealMatrix root = root(similar, size, JITTER);
      for (int row = 0; row < size; row++) {
        System.arraycopy(root.getRow(row), 0, upper, row * size, size);
      }
      NDArray inverse = mine.create(upper, new Shape(size, size)).inverse();
      NDArray whitening = inverse.toType(DataType.FLOAT32, true);
      whitening.attach(owner);
      return whitening;
    }
  }

  /** Lᵀ. */
  private static RealMatrix root(float[] similar, int size, double jitter) {
    RealMatrix matrix = new Array2DRowRealMatrix(size, size);
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < row; column++) {
        matrix.setEntry(row, column, similar[row * size + column]);
        matrix.setEntry(column, row, similar[row * size + column]);
      }
      matrix.setEntry(row, row, 1 + jitter);
    }
    try {
      return new CholeskyDecomposition(matrix).getLT();
    } catch (MathIllegalArgumentException e) {
      if (jitter >= MOST_JITTER) {
        throw e;
      }
      return root(similar, size, 10 * jitter);
    }
  }

  /** Lent to the manager of a batch. */
  private static NDArray attached(NDArray array, NDArray batch) {
    batch.getManager().tempAttachAll(array);
    return array;
  }

  private static final class KernelFit implements Fit {

    private final NDManager manager;
    private final Landmarks landmarks;
    private final NDArray whitening;
    private final LogisticRegression regression;
    private Optional<Dense> last = Optional.empty();

    KernelFit(
        NDManager manager, Landmarks landmarks, NDArray whitening, LogisticRegression regression) {
      this.manager = manager;
      this.landmarks = landmarks;
      this.whitening = whitening;
      this.regression = regression;
    }

    @Override
    public TrainedLayers train(HeadRecipe recipe) {
      Dense layer = regression.fit(recipe.strength(), last);
      last = Optional.of(layer);
      return new TrainedLayers(
          recipe,
          List.of(landmarks, onSimilarities(layer)),
          regression.accuracy(layer),
          EngineDevice.word(manager.getDevice()));
    }

    private Dense onSimilarities(Dense layer) {
      try (NDManager mine = manager.newSubManager()) {
        NDArray weights = mine.create(layer.weights(), new Shape(layer.inputs(), layer.outputs()));
        mine.tempAttachAll(whitening);
        float[] folded = whitening.matMul(weights).toFloatArray();
        return new Dense(layer.inputs(), layer.outputs(), folded, layer.bias());
      }
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}

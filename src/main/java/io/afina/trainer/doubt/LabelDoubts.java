package io.afina.trainer.doubt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tells which labels look wrong: to a ridge regression that has not seen the example, and to its
 * nearest neighbours; the product of both is what is believed, and ranks by its normalised margin
 * (confident learning, <a href="https://arxiv.org/abs/1911.00068">Northcutt et al. 2021</a>).
 * Leaving each example out costs no training: the regression without it is known from that with all
 * (<a href="https://web.stanford.edu/~hastie/ElemStatLearn/">Hastie et al. 2009</a>, 7.10).
 * Parameters were measured, see {@code src/docs/benchmarks.md}.
 */
public final class LabelDoubts {

  /** Of the mean diagonal of the kernel. */
  private static final double RIDGE = 1;

  private static final int NEIGHBOURS = 30;

  /** By which the similarity of a neighbour weighs its vote. */
  private static final double SHARPNESS = 10;

  /** What is believed of a label that no neighbour bears. */
  private static final double LEAST = 0.02;

  /** A label with fewer examples has too few others to tell. */
  private static final int FEWEST = 3;

  private final int[] targets;
  private final int[] counts;
  private final float[] regressed;
  private final long[] nearest;
  private final float[] similar;
  private final int neighbours;

  /**
   * Computes what the doubts need.
   *
   * @param embeddings in single precision, {@code [rows, width]}
   * @param targets of the rows
   * @param counts of each label
   */
  public LabelDoubts(NDManager manager, NDArray embeddings, int[] targets, int[] counts) {
    this.targets = targets;
    this.counts = counts;
    this.neighbours = Math.min(NEIGHBOURS, targets.length - 1);
    NDArray unit = embeddings.normalize(2, 1);
    NDArray eye = manager.eye(targets.length);
    NDList top = unit.matMul(unit.transpose()).subi(eye.mul(2)).topK(neighbours, 1, true, true);
    this.similar = top.get(0).toFloatArray();
    this.nearest = top.get(1).toLongArray();
    this.regressed = leaveOneOut(manager, unit.sub(unit.mean(new int[] {0})), eye).toFloatArray();
  }

  /** What a ridge regression says of each row that was made without it, {@code [rows, labels]}. */
  private NDArray leaveOneOut(NDManager manager, NDArray centred, NDArray eye) {
    double scale = centred.square().sum().getFloat() / targets.length;
    NDArray kernel = centred.matMul(centred.transpose()).addi(scale);
    NDArray inverse = kernel.addi(eye.mul(2 * RIDGE * scale)).inverse();
    NDArray wanted =
        manager.create(targets).oneHot(counts.length, DataType.FLOAT32).mul(counts.length).sub(1);
    NDArray diagonal = inverse.mul(eye).sum(new int[] {1}, true);
    return wanted.sub(inverse.matMul(wanted).div(diagonal));
  }

  /** The doubts of all rows. */
  public List<LabelDoubt> all() {
    double deviation = deviation();
    return IntStream.range(0, targets.length)
        .mapToObj(row -> doubt(row, believed(row, deviation)))
        .toList();
  }

  private LabelDoubt doubt(int row, float[] believed) {
    int said = targets[row];
    int other = said == 0 ? 1 : 0;
    for (int label = 0; label < believed.length; label++) {
      other = label != said && believed[label] > believed[other] ? label : other;
    }
    boolean suspect = counts[said] >= FEWEST && believed[other] > believed[said];
    int[] alike = new int[neighbours];
    for (int n = 0; n < neighbours; n++) {
      alike[n] = (int) nearest[row * neighbours + n];
    }
    double doubt = believed[other] / ((double) believed[other] + believed[said]);
    return new LabelDoubt(row, suspect, doubt, believed, alike);
  }

  /** Probabilities of the labels of a row. */
  private float[] believed(int row, double deviation) {
    int labels = counts.length;
    double[] votes = new double[labels];
    double cast = 0;
    for (int n = row * neighbours; n < (row + 1) * neighbours; n++) {
      double vote = Math.exp(SHARPNESS * (similar[n] - similar[row * neighbours]));
      votes[targets[(int) nearest[n]]] += vote;
      cast += vote;
    }
    double most = Double.NEGATIVE_INFINITY;
    for (int label = 0; label < labels; label++) {
      most = Math.max(most, regressed[row * labels + label]);
    }
    double sum = 0;
    double[] product = new double[labels];
    for (int label = 0; label < labels; label++) {
      double likely = Math.exp((regressed[row * labels + label] - most) / deviation);
      product[label] = likely * (votes[label] / cast + LEAST);
      sum += product[label];
    }
    float[] believed = new float[labels];
    for (int label = 0; label < labels; label++) {
      believed[label] = (float) (product[label] / sum);
    }
    return believed;
  }

  /** Of what the regression says: the unit in which differences count. */
  private double deviation() {
    double sum = 0;
    double squares = 0;
    for (float value : regressed) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / regressed.length;
    return Math.sqrt(Math.max(1e-12, squares / regressed.length - mean * mean));
  }
}

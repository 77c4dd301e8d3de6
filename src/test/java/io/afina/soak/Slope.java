package io.afina.soak;

import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * How much a figure grew from its first look to its last, by the line of least squares through the
 * means of batches. Looks in a row resemble each other, as files come and go in waves, and an
 * interval that takes them for independent is too narrow; the means of long batches hardly do (the
 * method of batch means: Law, <i>Simulation Modeling and Analysis</i>, chapter 9).
 *
 * @param mean of the figure
 * @param growth over all looks, in the figure's unit
 * @param error half the 99 % confidence interval of the growth
 */
record Slope(double mean, double growth, double error) {

  /** A smaller growth, beside the mean, nobody has to act on: a machine holds it for a week. */
  private static final double NOTHING = 0.02;

  private static final double ALPHA = 0.01;
  private static final int BATCHES = 10;

  /** At equal distances; three at least. What does not fill a batch is left out at the start. */
  static Slope of(List<Double> looks) {
    int size = Math.max(1, looks.size() / BATCHES);
    List<Double> batches =
        IntStream.range(0, looks.size() / size)
            .mapToObj(batch -> looks.size() - size * batch)
            .map(end -> mean(looks.subList(end - size, end)))
            .toList();
    SimpleRegression line = new SimpleRegression();
    for (int batch = 0; batch < batches.size(); batch++) {
      line.addData(-batch, batches.get(batch));
    }
    double apart = (looks.size() - 1.0) / size;
    return new Slope(
        mean(looks), line.getSlope() * apart, line.getSlopeConfidenceInterval(ALPHA) * apart);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Whether it does not surely grow, or by so little that it does not matter. */
  boolean isFlat() {
    return !(growth - error > 0) || growth <= NOTHING * mean;
  }
}

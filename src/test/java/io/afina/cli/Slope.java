package io.afina.cli;

import java.util.List;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * How much a figure grew from its first look to its last, by the line of least squares.
 *
 * @param mean of the figure
 * @param growth over all looks, in the figure's unit
 * @param error half the 99 % confidence interval of the growth
 */
record Slope(double mean, double growth, double error) {

  /** A smaller growth, beside the mean, nobody has to act on: a machine holds it for a week. */
  private static final double NOTHING = 0.02;

  private static final double ALPHA = 0.01;

  /** At equal distances; three at least. */
  static Slope of(List<Double> values) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < values.size(); i++) {
      line.addData(i, values.get(i));
    }
    int last = values.size() - 1;
    return new Slope(
        values.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
        line.getSlope() * last,
        line.getSlopeConfidenceInterval(ALPHA) * last);
  }

  /** Whether it does not surely grow, or by so little that it does not matter. */
  boolean isFlat() {
    return !(growth - error > 0) || growth <= NOTHING * mean;
  }
}

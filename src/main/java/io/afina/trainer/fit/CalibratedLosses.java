package io.afina.trainer.fit;

import java.util.Arrays;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.univariate.BrentOptimizer;
import org.hipparchus.optim.univariate.SearchInterval;
import org.hipparchus.optim.univariate.UnivariateObjectiveFunction;

/**
 * Computes the cross entropy of unseen examples at the temperature that is best for them: heads are
 * calibrated before they answer, so that being too sure of itself is no fault of a form.
 */
final class CalibratedLosses {

  private static final double LARGEST_LOGARITHM = 3;
  private static final double LARGEST_EXPONENT = 500;
  private static final double PRECISION = 1e-3;
  private static final int EVALUATIONS = 60;

  private CalibratedLosses() {}

  /**
   * The cross entropy of every example, in nats.
   *
   * @param logits one row an example
   * @param targets as many
   */
  static double[] of(float[][] logits, int[] targets) {
    double best =
        new BrentOptimizer(PRECISION, PRECISION)
            .optimize(
                new UnivariateObjectiveFunction(log -> mean(at(Math.exp(log), logits, targets))),
                GoalType.MINIMIZE,
                new SearchInterval(-LARGEST_LOGARITHM, LARGEST_LOGARITHM, 0),
                new MaxEval(EVALUATIONS))
            .getPoint();
    return at(Math.exp(best), logits, targets);
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static double[] at(double temperature, float[][] logits, int[] targets) {
    double[] losses = new double[targets.length];
    for (int row = 0; row < losses.length; row++) {
      double target = logits[row][targets[row]];
      double sum = 0;
      for (float logit : logits[row]) {
        sum += Math.exp(Math.min((logit - target) / temperature, LARGEST_EXPONENT));
      }
      losses[row] = Math.log(sum);
    }
    return losses;
  }
}

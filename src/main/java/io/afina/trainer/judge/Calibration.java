package io.afina.trainer.judge;

import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.univariate.BrentOptimizer;
import org.hipparchus.optim.univariate.SearchInterval;
import org.hipparchus.optim.univariate.UnivariateObjectiveFunction;

/**
 * Calibrates confidences by temperature scaling: finds the temperature with the least loss on
 * examples that were not trained on (<a href="https://arxiv.org/abs/1706.04599">Guo et al.
 * 2017</a>).
 */
public final class Calibration {

  private static final double COLDEST = 0.05;
  private static final double HOTTEST = 20;
  private static final double PRECISION = 1e-3;
  private static final int EVALUATIONS = 60;

  private Calibration() {}

  /** Divides the logits before the softmax; 1 where there is nothing to calibrate by. */
  public static double temperature(Evaluation evaluation) {
    if (evaluation.size() == 0) {
      return 1;
    }
    return Math.exp(
        new BrentOptimizer(PRECISION, PRECISION)
            .optimize(
                new UnivariateObjectiveFunction(log -> evaluation.loss(Math.exp(log))),
                GoalType.MINIMIZE,
                new SearchInterval(Math.log(COLDEST), Math.log(HOTTEST), 0),
                new MaxEval(EVALUATIONS))
            .getPoint());
  }
}

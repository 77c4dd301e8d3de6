package io.afina.trainer.judge;

import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.univariate.BrentOptimizer;
import org.hipparchus.optim.univariate.SearchInterval;
import org.hipparchus.optim.univariate.UnivariateObjectiveFunction;

/**
 * Finds the temperature that makes confidences mean something: the one with the smallest loss on
 * examples that were not trained on (<a href="https://arxiv.org/abs/1706.04599">Guo et al.
 * 2017</a>).
 */
public final class Calibration {

  private static final double COLDEST = 0.05;
  private static final double HOTTEST = 20;
  private static final double PRECISION = 1e-3;
  private static final int EVALUATIONS = 60;

  private Calibration() {}

  public static double temperature(Evaluation answers) {
    return Math.exp(
        new BrentOptimizer(PRECISION, PRECISION)
            .optimize(
                new UnivariateObjectiveFunction(log -> answers.loss(Math.exp(log))),
                GoalType.MINIMIZE,
                new SearchInterval(Math.log(COLDEST), Math.log(HOTTEST), 0),
                new MaxEval(EVALUATIONS))
            .getPoint());
  }
}

package io.afina.trainer.fit;

import io.afina.trainer.fit.SoftmaxLoss.Point;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.ConjugateGradient;
import org.hipparchus.linear.RealLinearOperator;
import org.hipparchus.linear.RealVector;

/**
 * Minimises a convex loss by the truncated Newton method with a backtracking line search: conjugate
 * gradients need only Hessian-vector products, and end early far from the minimum (Nocedal and
 * Wright, Numerical Optimization, 2006, algorithm 7.1; <a
 * href="https://www.csie.ntu.edu.tw/~cjlin/papers/logistic.pdf">Lin et al. 2008</a> for logistic
 * regression). From near the minimum it takes a step or two.
 */
final class NewtonMethod {

  private static final int MOST_STEPS = 30;
  private static final int MOST_PRODUCTS = 60;

  /** Converged when the gradient is this small beside that of zero weights. */
  private static final double PRECISION = 5e-4;

  /** The share of the decrease that the gradient predicts which a step must reach (Armijo). */
  private static final double SUFFICIENT_DECREASE = 1e-4;

  private static final double SHORTEST_STEP = 1e-4;

  private final SoftmaxLoss loss;
  private final double scale;

  NewtonMethod(SoftmaxLoss loss) {
    this.loss = loss;
    this.scale = norm(loss.at(new double[loss.dimension()]).gradient());
  }

  /** The parameters with the least loss, found from these. */
  double[] minimise(double[] start) {
    double[] at = start;
    Point here = loss.at(at);
    for (int step = 0; step < MOST_STEPS && norm(here.gradient()) > PRECISION * scale; step++) {
      double[] direction = direction(here);
      double slope = product(here.gradient(), direction);
      double length = 1;
      double[] next = moved(at, direction, length);
      Point there = loss.at(next);
      while (there.value() > here.value() + SUFFICIENT_DECREASE * length * slope
          && length > SHORTEST_STEP) {
        length /= 2;
        next = moved(at, direction, length);
        there = loss.at(next);
      }
      if (there.value() >= here.value()) {
        return at; // as near as single precision gets
      }
      at = next;
      here = there;
    }
    return at;
  }

  /** The Newton direction: towards the minimum of the quadratic model of the loss. */
  private double[] direction(Point here) {
    RealVector downhill = new ArrayRealVector(here.gradient()).mapMultiply(-1);
    double tolerance = 0.5 * Math.min(0.5, Math.sqrt(norm(here.gradient()) / scale));
    RealVector direction = new ArrayRealVector(loss.dimension());
    try {
      new ConjugateGradient(MOST_PRODUCTS, tolerance, false)
          .solveInPlace(new Hessian(loss), downhill, direction);
    } catch (MathIllegalStateException e) {
      // Out of iterations: what was found so far is a descent direction too.
    }
    return direction.toArray();
  }

  private static double[] moved(double[] from, double[] direction, double length) {
    double[] to = new double[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i] + length * direction[i];
    }
    return to;
  }

  private static double norm(double[] vector) {
    return Math.sqrt(product(vector, vector));
  }

  private static double product(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  private record Hessian(SoftmaxLoss loss) implements RealLinearOperator {

    @Override
    public int getRowDimension() {
      return loss.dimension();
    }

    @Override
    public int getColumnDimension() {
      return loss.dimension();
    }

    @Override
    public RealVector operate(RealVector direction) {
      return new ArrayRealVector(loss.hessianProduct(direction.toArray()), false);
    }
  }
}

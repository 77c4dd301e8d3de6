package io.afina.trainer.fit;

import io.afina.trainer.fit.SoftmaxLoss.Point;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.ConjugateGradient;
import org.hipparchus.linear.RealLinearOperator;
import org.hipparchus.linear.RealVector;

/**
 * Minimises a convex loss by truncated Newton steps: the step is as exact as it is worth, by
 * conjugate gradients that ask only for products with the curvature, and is shortened until the
 * loss falls (Nocedal and Wright, Numerical Optimization, 2006, algorithm 7.1; <a
 * href="https://www.csie.ntu.edu.tw/~cjlin/papers/logistic.pdf">Lin et al. 2008</a> for logistic
 * regression). From near the minimum it takes a step or two.
 */
final class NewtonMethod {

  private static final int MOST_STEPS = 30;
  private static final int MOST_PRODUCTS = 60;

  /** Done when the gradient is this small beside that of a head that knows nothing. */
  private static final double PRECISION = 5e-4;

  /** The loss must fall by this share of what the gradient promises. */
  private static final double SUFFICIENT = 1e-4;

  private static final double SHORTEST = 1e-4;

  private final SoftmaxLoss loss;
  private final double scale;

  NewtonMethod(SoftmaxLoss loss) {
    this.loss = loss;
    this.scale = norm(loss.at(new double[loss.dimension()]).gradient());
  }

  /** The parameters of the least loss, found from these. */
  double[] minimise(double[] start) {
    double[] at = start;
    Point here = loss.at(at);
    for (int step = 0; step < MOST_STEPS && norm(here.gradient()) > PRECISION * scale; step++) {
      double[] direction = direction(here);
      double slope = product(here.gradient(), direction);
      double length = 1;
      double[] next = moved(at, direction, length);
      Point there = loss.at(next);
      while (there.value() > here.value() + SUFFICIENT * length * slope && length > SHORTEST) {
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

  /** Towards the minimum of the quadratic that the loss is like here. */
  private double[] direction(Point here) {
    RealVector downhill = new ArrayRealVector(here.gradient()).mapMultiply(-1);
    double exactness = 0.5 * Math.min(0.5, Math.sqrt(norm(here.gradient()) / scale));
    RealVector direction = new ArrayRealVector(loss.dimension());
    try {
      new ConjugateGradient(MOST_PRODUCTS, exactness, false)
          .solveInPlace(new Curvature(loss), downhill, direction);
    } catch (MathIllegalStateException e) {
      // As many products as a step is worth: what was found so far leads downhill too.
      return direction.toArray();
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

  private record Curvature(SoftmaxLoss loss) implements RealLinearOperator {

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
      return new ArrayRealVector(loss.curvature(direction.toArray()), false);
    }
  }
}

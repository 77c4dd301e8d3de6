package io.afina.decide;

import io.afina.decide.Acceptance.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.hipparchus.special.Beta;

/**
 * Finds the lowest confidence from which on predictions are right as often as promised, by Learn
 * then Test (<a href="https://arxiv.org/abs/2110.01052">Angelopoulos et al. 2021</a>): thresholds
 * are tested from the strictest on, in a fixed sequence that ends at the first that fails, each by
 * the exact binomial test. The sequence starts where some answers may be wrong: at fewer, one bad
 * answer would end it. The precision above the threshold is below the promise with a probability of
 * at most {@link #LEVEL}.
 */
public final class ThresholdSearch {

  /** Probability that a promise is not kept. */
  static final double LEVEL = 0.1;

  /** So many times as many answers are the start as could pass if all were right. */
  private static final double START = 3;

  private ThresholdSearch() {}

  /**
   * The lowest threshold that passes; empty while too little is known.
   *
   * @param thresholds with what each accepts, the strictest first
   * @param precision promised, 0 to 1
   */
  public static Optional<Point> lowest(List<Point> thresholds, double precision) {
    return thresholds.stream()
        .dropWhile(point -> point.accepted() < fewest(precision))
        .takeWhile(point -> chance(point, precision) <= LEVEL)
        .reduce((before, next) -> next);
  }

  /** Probability of so few wrong ones if the precision were just not the promised one. */
  private static double chance(Point point, double precision) {
    int wrong = point.accepted() - point.right();
    return point.right() == 0 ? 1 : Beta.regularizedBeta(precision, point.right(), wrong + 1.0);
  }

  /** Every confidence as a threshold, the strictest first. */
  public static List<Point> points(List<JudgedAnswer> answers) {
    List<JudgedAnswer> surest =
        answers.stream()
            .sorted(Comparator.comparingDouble((JudgedAnswer a) -> -a.confidence()))
            .toList();
    List<Point> points = new ArrayList<>();
    int right = 0;
    for (int n = 0; n < surest.size(); n++) {
      double confidence = surest.get(n).confidence();
      right += surest.get(n).right() ? 1 : 0;
      if (n + 1 == surest.size() || surest.get(n + 1).confidence() < confidence) {
        points.add(new Point(confidence, n + 1, right));
      }
    }
    return points;
  }

  /** The fewest answers that a promise needs. */
  static int fewest(double precision) {
    return (int) Math.ceil(START * Math.log(LEVEL) / Math.log(precision));
  }
}

package io.afina.decide;

import java.util.List;

/**
 * Corrects thresholds by what became of accepted predictions, in the order in which they came:
 * every wrong one makes them stricter and every right one a little less strict, so that in the long
 * run as many are right as promised, whatever the pictures do (adaptive conformal inference, <a
 * href="https://arxiv.org/abs/2106.00170">Gibbs and Candès 2021</a>, on the threshold itself, <a
 * href="https://arxiv.org/abs/2307.16895">Angelopoulos et al. 2023</a>). It is never looser than
 * what was tested.
 */
public final class LiveCorrection {

  /**
   * How much one wrong answer counts: doubt shrinks to nearly exp(-STEP) of what it was. Measured:
   * with a tenth of that, a promise is not kept again within 600 answers after the light changed.
   */
  private static final double STEP = 1;

  /** A correction that nothing could be accepted with would never hear that it is too strict. */
  private static final double LEAST = 1e-3;

  private LiveCorrection() {}

  /**
   * What is left of the doubt after more answers.
   *
   * @param acceptance with the correction so far
   * @param answers of the random sample, the oldest first
   */
  public static double doubt(Acceptance acceptance, List<JudgedAnswer> answers) {
    Acceptance now = acceptance;
    for (JudgedAnswer answer : answers) {
      if (now.accepts(answer.predicted(), answer.confidence())) {
        double promised = acceptance.promise(answer.predicted()).precision();
        double step = answer.right() ? STEP * (1 - promised) : -STEP * promised;
        now = now.corrected(Math.min(1, Math.max(LEAST, now.doubt() * Math.exp(step))));
      }
    }
    return now.doubt();
  }
}

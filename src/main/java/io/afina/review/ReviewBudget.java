package io.afina.review;

/**
 * Allows a share of what passes: a token bucket that images fill, not time. What is saved up while
 * nothing is asked is bounded, so that a flood of candidates after a quiet time does not drown
 * people.
 */
final class ReviewBudget {

  /** Questions that may be saved up. */
  private static final double MOST = 10;

  private final double share;
  private final double most;
  private double credit;

  /**
   * @param share of the images, 0 to 1; 0 allows none
   * @param atOnce questions that are allowed before any image has passed
   */
  ReviewBudget(double share, int atOnce) {
    this.share = share;
    this.most = Math.max(MOST, atOnce);
    this.credit = share > 0 ? atOnce : 0;
  }

  /** An image passes. */
  void pass() {
    credit = Math.min(most, credit + share);
  }

  boolean allows() {
    return credit >= 1;
  }

  /** A question was asked. */
  void spend() {
    credit--;
  }

  /**
   * The quantile below which images are asked about to spend just the share. Who has saved up asks
   * about more, so that the share is spent too when images become easier than they were, or when
   * those that would be asked about are all alike.
   */
  double quantile() {
    return Math.min(1, share * Math.max(1, credit));
  }
}

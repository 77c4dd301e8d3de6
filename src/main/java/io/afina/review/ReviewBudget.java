package io.afina.review;

/**
 * Limits the images sent to review for one reason to a share of the stream: a token bucket that
 * images fill, not time. Its capacity bounds what is saved up while nothing is sent, so that many
 * candidates after a quiet time do not flood the review queue.
 */
final class ReviewBudget {

  private static final double CAPACITY = 10;

  private final double share;
  private final double capacity;
  private double tokens;

  /**
   * @param share of the images, 0 to 1; 0 allows none
   * @param initial tokens before any image has passed
   */
  ReviewBudget(double share, int initial) {
    this.share = share;
    this.capacity = Math.max(CAPACITY, initial);
    this.tokens = share > 0 ? initial : 0;
  }

  /** Adds one image's share. */
  void fill() {
    tokens = Math.min(capacity, tokens + share);
  }

  boolean isAvailable() {
    return tokens >= 1;
  }

  /** Takes one token. */
  void spend() {
    tokens--;
  }

  /**
   * The quantile of the margins below which images are sent to review, so that just the share is
   * spent. It grows with the tokens that are saved up, so that the share is spent too when images
   * become easier than they were, or when the uncertain ones are near-duplicates.
   */
  double quantile() {
    return Math.min(1, share * Math.max(1, tokens));
  }
}

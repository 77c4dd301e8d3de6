package io.afina.review;

/**
 * Limits the images sent to review for one reason to a share of the stream, and to so many for each
 * answer: a token bucket that images and answers fill, not time. Its capacity bounds what is saved
 * up while nothing is sent, so that many candidates after a quiet time do not flood the review
 * queue.
 */
final class ReviewBudget {

  private static final double CAPACITY = 10;

  /** Answers whose tokens can be saved up. */
  private static final int ANSWERS = 4;

  private final double share;
  private final int perAnswer;
  private final double capacity;
  private double tokens;

  /**
   * @param share of the images, 0 to 1; 0 allows none
   * @param initial tokens before any image has passed
   * @param perAnswer tokens that an answer brings
   */
  ReviewBudget(double share, int initial, int perAnswer) {
    this.share = share;
    this.perAnswer = perAnswer;
    this.capacity = Math.max(CAPACITY, initial) + ANSWERS * perAnswer;
    this.tokens = share > 0 ? initial : 0;
  }

  /** Adds one image's share. */
  void fill() {
    add(share);
  }

  /** Adds the tokens of an answer. */
  void answered() {
    add(share > 0 ? perAnswer : 0);
  }

  private void add(double more) {
    tokens = Math.min(capacity, tokens + more);
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

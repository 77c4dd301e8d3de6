package io.afina.review;

import java.util.Arrays;

/**
 * Exact quantiles over a sliding window of the last values. There is nothing to tune but the
 * window's length, drift is forgotten with it, and a value costs a binary search and a short move
 * of memory.
 */
final class SlidingQuantiles {

  private final double[] ring;
  private final double[] sorted;
  private int size;
  private int next;

  SlidingQuantiles(int length) {
    ring = new double[length];
    sorted = new double[length];
  }

  /** Whether a value is below this quantile of the values in the window and itself. */
  boolean isBelow(double quantile, double value) {
    return position(value) < quantile * (size + 1);
  }

  void add(double value) {
    if (size == ring.length) {
      remove(ring[next]);
    }
    int at = position(value);
    System.arraycopy(sorted, at, sorted, at + 1, size - at);
    sorted[at] = value;
    size++;
    ring[next] = value;
    next = (next + 1) % ring.length;
  }

  private void remove(double value) {
    int at = position(value);
    System.arraycopy(sorted, at + 1, sorted, at, size - at - 1);
    size--;
  }

  /** How many values are smaller. */
  private int position(double value) {
    int found = Arrays.binarySearch(sorted, 0, size, value);
    int at = found >= 0 ? found : -found - 1;
    while (at > 0 && sorted[at - 1] == value) {
      at--;
    }
    return at;
  }
}

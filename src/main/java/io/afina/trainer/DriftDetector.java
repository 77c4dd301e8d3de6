package io.afina.trainer;

import java.util.BitSet;

/**
 * Whether the pictures have drifted from what the champion was trained on: many of its last
 * predictions are of novel ones. What is novel is ranked among the champion's own examples, so that
 * a new champion that has learned the drifted pictures finds them usual and ends the drift. It is
 * noticed at a share and ends at half of it, so that a share near one of them does not flap. For
 * one thread.
 */
final class DriftDetector {

  private final double noveltyQuantile;
  private final double from;
  private final double until;
  private final int size;

  /** Whether the last ones were novel, in a ring. */
  private final BitSet window = new BitSet();

  private int at;
  private int seen;
  private long champion;
  private boolean noticed;

  /**
   * @param noveltyQuantile a picture is novel from this rank on, 0 to 1
   * @param share from which on drift is noticed, 0 to 1
   * @param size of the window, in predictions
   */
  DriftDetector(double noveltyQuantile, double share, int size) {
    this.noveltyQuantile = noveltyQuantile;
    this.from = share;
    this.until = share / 2;
    this.size = size;
  }

  /** Which head answers now: what another one found novel counts no longer. */
  void answers(long version) {
    if (version != champion) {
      champion = version;
      window.clear();
      at = 0;
      seen = 0;
      noticed = false;
    }
  }

  /** A prediction by a head, which may be another one than answers now, with its novelty. */
  void predicted(long head, double novelty) {
    if (head != champion) {
      return;
    }
    window.set(at, novelty > noveltyQuantile);
    at = (at + 1) % size;
    seen = Math.min(size, seen + 1);
    if (seen == size) {
      noticed = share() >= (noticed ? until : from);
    }
  }

  /** Whether it goes on. */
  boolean isNoticed() {
    return noticed;
  }

  /** Share of the window that is novel, 0 to 1; not a number until the window is full. */
  double share() {
    return seen < size ? Double.NaN : (double) window.cardinality() / size;
  }
}

package io.afina.trainer;

import java.util.BitSet;

/**
 * Detects drift of the pictures from what the champion was trained on: a large share of its last
 * predictions are novel. Novelty is ranked among the champion's own examples, so that a new
 * champion that has learned the drifted pictures ends the drift. Drift begins at a share and ends
 * at half of it (hysteresis). For one thread.
 */
final class DriftDetector {

  private final double noveltyQuantile;
  private final double upper;
  private final double lower;
  private final int size;

  /** Whether each of the last predictions was novel, in a ring. */
  private final BitSet window = new BitSet();

  private int at;
  private int seen;
  private long champion;
  private boolean drifting;

  /**
   * @param noveltyQuantile a picture is novel above this rank, 0 to 1
   * @param share of novel predictions at which drift begins, 0 to 1
   * @param size of the window, in predictions
   */
  DriftDetector(double noveltyQuantile, double share, int size) {
    this.noveltyQuantile = noveltyQuantile;
    this.upper = share;
    this.lower = share / 2;
    this.size = size;
  }

  /** Sets the champion; predictions of another one count no longer. */
  void champion(long version) {
    if (version != champion) {
      champion = version;
      window.clear();
      at = 0;
      seen = 0;
      drifting = false;
    }
  }

  /** Adds a prediction with its novelty; one that is not the champion's is ignored. */
  void add(long head, double novelty) {
    if (head != champion) {
      return;
    }
    window.set(at, novelty > noveltyQuantile);
    at = (at + 1) % size;
    seen = Math.min(size, seen + 1);
    if (seen == size) {
      drifting = share() >= (drifting ? lower : upper);
    }
  }

  boolean isDrifting() {
    return drifting;
  }

  /** Share of novel predictions in the window, 0 to 1; NaN until the window is full. */
  double share() {
    return seen < size ? Double.NaN : (double) window.cardinality() / size;
  }
}

package io.afina.trainer;

import io.afina.decide.Acceptance;
import io.afina.decide.AcceptanceFactory;
import io.afina.decide.JudgedAnswer;
import io.afina.decide.LiveCorrection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What audited answers make of a promise: after how many of them the accepted are right as often as
 * promised, at first and for good, and how right and how many they are from the 300th on. A
 * correction that keeps a mean is on either side of it, for good or not.
 */
final class DecideRecovery {

  /** Audited answers after which a promise is to be kept again. */
  private static final int SOON = 300;

  private final double promise;
  private final String pictures;
  private final List<Integer> first = new ArrayList<>();
  private final List<Integer> last = new ArrayList<>();
  private final List<Double> before = new ArrayList<>();
  private final List<Double> shareBefore = new ArrayList<>();
  private final List<Double> right = new ArrayList<>();
  private final List<Double> share = new ArrayList<>();

  /**
   * @param pictures what they are
   */
  DecideRecovery(double promise, String pictures) {
    this.promise = promise;
    this.pictures = pictures;
  }

  /**
   * One head.
   *
   * @param judged the answers by which its threshold is found
   * @param answers about the pictures
   * @param seed of the order in which these are audited
   */
  void add(List<JudgedAnswer> judged, List<JudgedAnswer> answers, int seed) {
    Acceptance now =
        new AcceptanceFactory(promise, Map.of())
            .acceptance(
                judged.stream()
                    .map(a -> new JudgedAnswer(a.predicted(), a.confidence(), a.right(), false, 0))
                    .toList());
    List<JudgedAnswer> order = new ArrayList<>(answers);
    Collections.shuffle(order, new Random(seed));
    List<JudgedAnswer> untouched = accepted(now, order);
    before.add(DecideBench.precision(untouched));
    shareBefore.add((double) untouched.size() / order.size());
    int broken = 0;
    int kept = Integer.MAX_VALUE;
    for (int audited = 1; audited <= Math.min(2 * SOON, order.size()); audited++) {
      now = now.corrected(LiveCorrection.doubt(now, List.of(order.get(audited - 1))));
      List<JudgedAnswer> accepted = accepted(now, order);
      double precision = DecideBench.precision(accepted);
      if (precision < promise) {
        broken = audited;
      } else {
        kept = Math.min(kept, audited);
      }
      if (audited > SOON) {
        right.add(precision);
        share.add((double) accepted.size() / order.size());
      }
    }
    first.add(kept);
    last.add(broken + 1);
  }

  void print() {
    System.out.printf(
        "  %.2f  %s: right %.1f %% of the accepted %.1f %%; again after %s audited answers, for good after %s; from %d on right %.1f %%, accepted %.1f %%%n",
        promise,
        pictures,
        percent(before),
        percent(shareBefore),
        quantiles(first),
        quantiles(last),
        SOON,
        percent(right),
        percent(share));
  }

  private static double percent(List<Double> shares) {
    return 100 * shares.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** The median, that of nine in ten, and the largest. */
  private static String quantiles(List<Integer> some) {
    int[] sorted = some.stream().mapToInt(Integer::intValue).sorted().toArray();
    int most = sorted.length;
    return "%d / %d / %d".formatted(sorted[most / 2], sorted[most * 9 / 10], sorted[most - 1]);
  }

  private static List<JudgedAnswer> accepted(Acceptance acceptance, List<JudgedAnswer> all) {
    return all.stream()
        .filter(answer -> acceptance.threshold(answer.predicted()).orElse(2) <= answer.confidence())
        .toList();
  }
}

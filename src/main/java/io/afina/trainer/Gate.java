package io.afina.trainer;

import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides whether a new head may answer, from measures on the same examples.
 *
 * <p>A fall of balanced accuracy counts when it is larger than one standard error of the champion's
 * accuracy on as many examples: a few examples say little, and a champion that was lucky with them
 * would else hold its place against heads that learned more. With a thousand examples that is one
 * point.
 *
 * @param maxAccuracyLoss how far balanced accuracy may fall beyond that, 0 to 1
 * @param maxLabelRegression how far the recall of one label may fall, 0 to 1
 */
record Gate(double maxAccuracyLoss, double maxLabelRegression) {

  /** The recall of a label with fewer examples says little. */
  private static final int ENOUGH = 10;

  /** Differences of this size are rounding. */
  private static final double ROUNDING = 1e-9;

  /** Why a head may not answer; empty when it may. */
  Optional<String> refusal(Measures challenger, Optional<Measures> champion) {
    return champion
        .map(before -> worse(challenger, before))
        .orElseGet(() -> noBetterThanTheMajority(challenger));
  }

  private static Optional<String> noBetterThanTheMajority(Measures first) {
    return first.accuracy() > first.majority()
        ? Optional.empty()
        : Optional.of(
            "right in %.1f %% of %d examples, and always saying the commonest label is right in %.1f %%"
                .formatted(100 * first.accuracy(), first.examples(), 100 * first.majority()));
  }

  private Optional<String> worse(Measures challenger, Measures champion) {
    double fall = champion.balancedAccuracy() - challenger.balancedAccuracy();
    return fall > maxAccuracyLoss + standardError(champion) + ROUNDING
        ? Optional.of(
            "balanced accuracy %.1f %%, the champion has %.1f %% on the same %d examples"
                .formatted(
                    100 * challenger.balancedAccuracy(),
                    100 * champion.balancedAccuracy(),
                    challenger.examples()))
        : fallenLabel(challenger, champion);
  }

  private static double standardError(Measures measures) {
    double accuracy = measures.balancedAccuracy();
    return Math.sqrt(accuracy * (1 - accuracy) / Math.max(1, measures.examples()));
  }

  private Optional<String> fallenLabel(Measures challenger, Measures champion) {
    Map<String, LabelMeasures> now =
        challenger.labels().stream()
            .collect(Collectors.toMap(label -> Labels.key(label.label()), label -> label));
    return champion.labels().stream()
        .filter(before -> before.examples() >= ENOUGH)
        .filter(before -> before.recall() - recall(now, before) > maxLabelRegression + ROUNDING)
        .findFirst()
        .map(
            before ->
                "recall of %s falls from %.1f %% to %.1f %% on %d examples"
                    .formatted(
                        before.label(),
                        100 * before.recall(),
                        100 * recall(now, before),
                        before.examples()));
  }

  private static double recall(Map<String, LabelMeasures> measures, LabelMeasures label) {
    LabelMeasures found = measures.get(Labels.key(label.label()));
    return found == null ? 0 : found.recall();
  }
}

package io.afina.trainer.judge;

import io.afina.model.Measures;
import io.afina.trainer.judge.PairedEvaluation.OfLabel;
import java.util.Optional;

/**
 * Decides whether a new head may answer, from what it and the champion answered to the same
 * examples.
 *
 * <p>A fall counts when it is larger than what is allowed and larger than chance would make it: a
 * few examples say little, and a champion that was lucky with them would else hold its place for
 * ever. Chance is judged by the examples that only one of the two gets right, as <a
 * href="https://doi.org/10.1007/BF02295996">McNemar (1947)</a> does, without a correction for
 * continuity: of two lost and none won nothing follows, of three it does.
 *
 * @param maxAccuracyLoss how far balanced accuracy may fall, 0 to 1
 * @param maxLabelRegression how far the recall of one label may fall, 0 to 1
 */
public record Gate(double maxAccuracyLoss, double maxLabelRegression) {

  /** The recall of a label with fewer examples says little. */
  private static final int ENOUGH = 10;

  /** Standard errors that equal heads fall by in one of twenty comparisons. */
  private static final double CHANCE = 1.645;

  /** Differences of this size are rounding. */
  private static final double ROUNDING = 1e-9;

  /** Why a head may not follow a champion; empty when it may. */
  public Optional<String> refusal(PairedEvaluation beside) {
    return counts(beside.fall(), beside.noise(), maxAccuracyLoss)
        ? Optional.of(
            "balanced accuracy %.1f %%, the champion has %.1f %% on the same %d examples"
                .formatted(100 * beside.now(), 100 * beside.before(), beside.examples()))
        : beside.labels().stream().filter(this::isSacrificed).findFirst().map(Gate::sacrifice);
  }

  /** Why a first head may not answer; empty when it may. */
  public Optional<String> refusal(Measures first) {
    return first.accuracy() > first.majority()
        ? Optional.empty()
        : Optional.of(
            "right in %.1f %% of %d examples, and always saying the commonest label is right in %.1f %%"
                .formatted(100 * first.accuracy(), first.examples(), 100 * first.majority()));
  }

  private boolean isSacrificed(OfLabel label) {
    return label.examples() >= ENOUGH && counts(label.fall(), label.noise(), maxLabelRegression);
  }

  private static String sacrifice(OfLabel label) {
    return "recall of %s falls from %.1f %% to %.1f %% on %d examples"
        .formatted(
            label.label(),
            100.0 * label.before() / label.examples(),
            100.0 * label.now() / label.examples(),
            label.examples());
  }

  private static boolean counts(double fall, double noise, double allowed) {
    return fall > allowed + ROUNDING && fall > CHANCE * noise;
  }
}

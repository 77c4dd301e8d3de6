package io.afina.trainer.judge;

import io.afina.config.TrainerConfig.Promote;
import io.afina.model.Measures;
import io.afina.model.Verdict;
import io.afina.model.Verdict.Decision;
import io.afina.trainer.judge.PairedEvaluation.LabelCounts;
import java.util.Optional;

/**
 * Decides whether a candidate is promoted, becomes the challenger or is rejected, by how it and the
 * champion do on the same examples.
 *
 * <p>A fall counts when it is larger than the limit and statistically significant: a few examples
 * say little, and a champion that was lucky with them would else hold its place for ever.
 * Significance is judged by the discordant examples, which only one of the two gets right, as <a
 * href="https://doi.org/10.1007/BF02295996">McNemar (1947)</a> does, without a correction for
 * continuity: two lost and none won are not significant, three are.
 *
 * @param maxAccuracyLoss how far balanced accuracy may fall, 0 to 1
 * @param maxLabelRegression how far the recall of one label may fall, 0 to 1
 */
public record Gate(double maxAccuracyLoss, double maxLabelRegression) {

  /** The recall of a label with fewer examples says little. */
  private static final int ENOUGH = 10;

  /** Standard errors at the 5 % level, one-sided. */
  private static final double SIGNIFICANT = 1.645;

  /** Differences of this size are rounding. */
  private static final double ROUNDING = 1e-9;

  /**
   * The verdict on a candidate.
   *
   * @param paired with the champion, or empty for the first head
   * @param pinned whether a person holds the champion where it is
   */
  public Verdict verdict(
      Measures measures, Optional<PairedEvaluation> paired, boolean pinned, Promote promote) {
    Optional<String> rejection = paired.map(this::rejection).orElseGet(() -> rejection(measures));
    if (rejection.isPresent()) {
      return new Verdict(Decision.REJECTED, rejection.get());
    }
    String why =
        "balanced accuracy %.1f %% on %d examples%s"
            .formatted(
                100 * measures.balancedAccuracy(),
                measures.examples(),
                paired.map(p -> ", the champion %.1f %%".formatted(100 * p.champion())).orElse(""));
    if (pinned) {
      return new Verdict(Decision.HELD, "the champion is pinned; " + why);
    }
    boolean onTrial = promote == Promote.SHADOW && paired.isPresent();
    return new Verdict(onTrial ? Decision.CHALLENGER : Decision.PROMOTED, why);
  }

  /** Why a candidate may not replace the champion; empty when it may. */
  public Optional<String> rejection(PairedEvaluation paired) {
    return counts(paired.fall(), paired.standardError(), maxAccuracyLoss)
        ? Optional.of(
            "balanced accuracy %.1f %%, the champion has %.1f %% on the same %d examples"
                .formatted(100 * paired.candidate(), 100 * paired.champion(), paired.examples()))
        : paired.labels().stream().filter(this::regresses).findFirst().map(Gate::regression);
  }

  /**
   * Why a first head may not be promoted; empty when it may, as when no label has an example to
   * judge by.
   */
  public Optional<String> rejection(Measures first) {
    return first.examples() == 0 || first.accuracy() > first.majority()
        ? Optional.empty()
        : Optional.of(
            "right in %.1f %% of %d examples, and always saying the commonest label is right in %.1f %%"
                .formatted(100 * first.accuracy(), first.examples(), 100 * first.majority()));
  }

  private boolean regresses(LabelCounts label) {
    return label.examples() >= ENOUGH
        && counts(label.fall(), label.standardError(), maxLabelRegression);
  }

  private static String regression(LabelCounts label) {
    return "recall of %s falls from %.1f %% to %.1f %% on %d examples"
        .formatted(
            label.label(),
            100.0 * label.champion() / label.examples(),
            100.0 * label.candidate() / label.examples(),
            label.examples());
  }

  private static boolean counts(double fall, double standardError, double limit) {
    return fall > limit + ROUNDING && fall > SIGNIFICANT * standardError;
  }
}

package io.afina.trainer.fit;

import io.afina.model.HeadRecipe;
import io.afina.model.Race.Entrant;
import java.util.Comparator;
import java.util.List;

/**
 * What heads of one recipe said of examples that they were not trained on.
 *
 * @param losses the calibrated cross entropy of every example, in the same order for all recipes; a
 *     recipe that was tried on fewer has the first of them
 * @param accuracy on these, 0 to 1
 * @param seconds that its trainings took
 */
record RaceResult(HeadRecipe recipe, double[] losses, double accuracy, double seconds) {

  /**
   * Of answers.
   *
   * @param logits one row an example, whose outputs may differ from split to split
   * @param targets as many
   */
  static RaceResult of(HeadRecipe recipe, float[][] logits, int[] targets, double seconds) {
    return new RaceResult(
        recipe,
        CalibratedLosses.of(logits, targets),
        LayerOutputs.accuracy(logits, targets),
        seconds);
  }

  double loss() {
    return CalibratedLosses.mean(losses);
  }

  /**
   * Whether its loss on the same examples is less by more than one standard error of the difference
   * (the rule of one standard error, Breiman et al., Classification and Regression Trees, 1984).
   */
  boolean isBetter(RaceResult other) {
    int count = Math.min(losses.length, other.losses.length);
    double sum = 0;
    double squares = 0;
    for (int n = 0; n < count; n++) {
      double gain = other.losses[n] - losses[n];
      sum += gain;
      squares += gain * gain;
    }
    double variance = squares - sum * sum / count;
    return sum > Math.sqrt(Math.max(0, variance));
  }

  /**
   * The most accurate of those that no other is better than, of equally accurate ones that with the
   * least loss: losses tell apart what accuracy cannot, but accuracy is what is wanted.
   */
  static RaceResult best(List<RaceResult> results) {
    RaceResult least =
        results.stream().min(Comparator.comparingDouble(RaceResult::loss)).orElseThrow();
    return results.stream()
        .filter(result -> !least.isBetter(result))
        .max(
            Comparator.comparingDouble(RaceResult::accuracy)
                .thenComparing(Comparator.comparingDouble(RaceResult::loss).reversed()))
        .orElse(least);
  }

  Entrant entrant() {
    return new Entrant(recipe, loss(), accuracy, seconds);
  }
}

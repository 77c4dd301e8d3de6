package io.afina.selection;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Picks one of the backbones that were compared: the fastest of those that no other beats by more
 * than chance, which is a standard error of the difference on the same pictures (the rule of one
 * standard error, as heads are raced).
 *
 * @param index of the backbone
 * @param why a sentence
 */
public record BackboneChoice(int index, String why) {

  /** By less a backbone counts as no faster: machines have other things to do. */
  private static final double FASTER = 1.1;

  /**
   * Picks.
   *
   * @param right for each backbone, the pictures that it is right of
   */
  static BackboneChoice of(List<BackboneResult> results, List<Set<String>> right) {
    Comparator<Integer> byAccuracy = Comparator.comparingDouble(n -> results.get(n).share());
    List<Integer> all = IntStream.range(0, results.size()).boxed().toList();
    int best =
        all.stream()
            .max(byAccuracy.thenComparing(n -> results.get(n).picturesPerSecond()))
            .orElseThrow();
    List<Integer> asGood =
        all.stream().filter(n -> isAsGood(right.get(n), right.get(best))).toList();
    double fastest =
        asGood.stream().mapToDouble(n -> results.get(n).picturesPerSecond()).max().orElse(0);
    int chosen =
        asGood.stream()
            .filter(n -> results.get(n).picturesPerSecond() * FASTER >= fastest)
            .max(byAccuracy)
            .orElse(best);
    return new BackboneChoice(chosen, why(results, chosen, best));
  }

  /** Whether what the other knows more is within a standard error. */
  private static boolean isAsGood(Set<String> right, Set<String> best) {
    Set<String> lost = new HashSet<>(best);
    lost.removeAll(right);
    Set<String> won = new HashSet<>(right);
    won.removeAll(best);
    // The variance of a sum of differences of -1, 0 and 1 (McNemar).
    return lost.size() - won.size() <= Math.sqrt(lost.size() + won.size());
  }

  private static String why(List<BackboneResult> results, int chosen, int best) {
    BackboneResult taken = results.get(chosen);
    if (results.size() == 1) {
      return "%s is the only one.".formatted(taken.shortName());
    }
    if (chosen != best) {
      BackboneResult other = results.get(best);
      return "%s: %s is right in %s instead of %s, which may be chance, and this one is %s times as fast."
          .formatted(
              taken.shortName(),
              other.shortName(),
              percent(other.share()),
              percent(taken.share()),
              times(taken.picturesPerSecond() / other.picturesPerSecond()));
    }
    BackboneResult second =
        IntStream.range(0, results.size())
            .filter(n -> n != chosen)
            .mapToObj(results::get)
            .max(Comparator.comparingDouble(BackboneResult::share))
            .orElseThrow();
    double pace = taken.picturesPerSecond() / second.picturesPerSecond();
    return "%s: it is right in %s, and the next, %s, in %s; %s."
        .formatted(
            taken.shortName(),
            percent(taken.share()),
            second.shortName(),
            percent(second.share()),
            pace < 1
                ? "it takes %s times as long a picture".formatted(times(1 / pace))
                : "it is %s times as fast".formatted(times(pace)));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String times(double factor) {
    return String.format(Locale.ROOT, "%.1f", factor);
  }
}

package io.afina.model;

import io.afina.event.JsonShape.Range;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a race between recipes found, on examples that none of its heads was trained on.
 *
 * @param examples among which it was held; those that judge the winner are not among them
 * @param entrants the simplest first; empty where only one could take part
 * @param winner one of their recipes
 */
public record Race(@Range int examples, List<Entrant> entrants, HeadRecipe winner) {

  public Race {
    entrants = List.copyOf(entrants);
  }

  /**
   * One recipe.
   *
   * @param loss mean cross entropy in nats
   * @param accuracy 0 to 1
   * @param seconds that its trainings took
   */
  public record Entrant(
      HeadRecipe recipe,
      @Range double loss,
      @Range(high = 1) double accuracy,
      @Range double seconds) {}

  /** Whether it won: by form and strength, because the epochs may be chosen afterwards. */
  public boolean isWinner(Entrant entrant) {
    return entrant.recipe().form() == winner.form()
        && entrant.recipe().strength() == winner.strength();
  }

  /** The forms that took part. */
  public Set<HeadRecipe.Form> forms() {
    return Stream.concat(entrants.stream().map(Entrant::recipe), Stream.of(winner))
        .map(HeadRecipe::form)
        .collect(Collectors.toSet());
  }

  /** How long all trainings of the race took. */
  public double seconds() {
    return entrants.stream().mapToDouble(Entrant::seconds).sum();
  }
}

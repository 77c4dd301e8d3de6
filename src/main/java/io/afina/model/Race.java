package io.afina.model;

import java.util.List;

/**
 * What a race between recipes found, on examples that none of its heads was trained on.
 *
 * @param examples among which it was held; those that judge the winner are not among them
 * @param entrants the simplest first
 * @param winner one of their recipes
 */
public record Race(int examples, List<Entrant> entrants, HeadRecipe winner) {

  /**
   * One recipe.
   *
   * @param loss mean cross entropy in nats
   * @param accuracy 0 to 1
   * @param seconds that its trainings took
   */
  public record Entrant(HeadRecipe recipe, double loss, double accuracy, double seconds) {}
}

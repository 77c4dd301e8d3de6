package io.afina.model;

import io.afina.event.JsonShape.Range;
import java.util.List;

/**
 * Disagreement among labellers, on the images that several of them labelled.
 *
 * @param images that several labelled
 * @param disputed of these, how many have votes for more than one label
 * @param undecided images that are not trained on yet, because too few labellers agree
 * @param labellers those with the most outvoted votes, most first
 * @param labels those with the most outvoted votes, most first
 */
public record Disagreement(
    @Range int images,
    @Range int disputed,
    @Range int undecided,
    List<Dissent> labellers,
    List<Dissent> labels) {

  public Disagreement {
    labellers = List.copyOf(labellers);
    labels = List.copyOf(labels);
  }

  /**
   * Votes of one labeller, or for one label.
   *
   * @param name of the labeller or label; empty for an unknown labeller
   * @param votes on decided images that several labelled
   * @param against how many of them were outvoted
   */
  public record Dissent(String name, @Range int votes, @Range int against) {}
}

package io.afina.model;

import java.util.List;

/**
 * Where people did not say the same, on the images that several of them labelled.
 *
 * @param images that several labelled
 * @param disputed of these, how many bear more than one label
 * @param undecided images that are no example yet, because too few agree
 * @param labellers the busiest dissenters, most votes against what counts first
 * @param labels the most disputed labels, by the votes for them that did not count
 */
public record Disagreement(
    int images, int disputed, int undecided, List<Dissent> labellers, List<Dissent> labels) {

  public Disagreement {
    labellers = List.copyOf(labellers);
    labels = List.copyOf(labels);
  }

  /**
   * Votes of one labeller, or for one label.
   *
   * @param name of whom nothing is known: empty
   * @param votes on images that several labelled and that are decided
   * @param against how many of them say something else than what counts
   */
  public record Dissent(String name, int votes, int against) {}
}

package io.afina.trainer;

import io.afina.model.Head;
import io.afina.trainer.data.Example;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.TrainedLayers;
import io.afina.trainer.fit.WarmStart;
import io.afina.trainer.judge.Evaluation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Represents a head in comparisons: layers that were trained by the same recipe, and not on the
 * examples that judge, which the head itself has learned.
 *
 * @param start as which another training may begin
 * @param seen the examples that it was trained on; empty where they are not known
 */
record StandIn(WarmStart start, Optional<List<Example>> seen) {

  /** Layers that were trained on these examples. */
  static StandIn of(ExampleSet examples, TrainedLayers trained) {
    return new StandIn(
        new WarmStart(examples.backbone(), examples.labels(), trained.layers()),
        Optional.of(examples.examples()));
  }

  /** The head itself. */
  static StandIn of(Head head) {
    return new StandIn(WarmStart.of(head), Optional.empty());
  }

  /** Adds its outcomes on examples, those of them that have an embedding of its backbone. */
  void addTo(Evaluation evaluation, ExampleSet examples) {
    evaluation.add(start.labels(), start.layers(), examples.in(start.backbone()));
  }

  /** Whether it is known to have seen any of these examples, by whichever label. */
  boolean hasSeen(ExampleSet judges) {
    Set<String> ids = judges.examples().stream().map(Example::id).collect(Collectors.toSet());
    return seen.stream().flatMap(List::stream).map(Example::id).anyMatch(ids::contains);
  }
}

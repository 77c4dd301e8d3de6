package io.afina.trainer.data;

import io.afina.event.TrainingExample.Vote;
import io.afina.label.LabelTable;
import io.afina.model.Disagreement;
import io.afina.model.Disagreement.Dissent;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Counts the disagreement among labellers, by labeller and by label. */
final class DisagreementCounter {

  /** Bounds the size of a head card. */
  private static final int MOST = 50;

  private final Map<String, int[]> labellers = new TreeMap<>();
  private final Map<String, int[]> labels = new TreeMap<>();
  private int images;
  private int disputed;
  private int undecided;

  private final LabelTable table;

  private DisagreementCounter(LabelTable table) {
    this.table = table;
  }

  static Disagreement of(Collection<Example> examples, LabelTable table) {
    DisagreementCounter all = new DisagreementCounter(table);
    examples.forEach(all::add);
    return new Disagreement(
        all.images, all.disputed, all.undecided, sorted(all.labellers), sorted(all.labels));
  }

  private void add(Example example) {
    undecided += example.decided() ? 0 : 1;
    if (example.votes().size() < 2) {
      return;
    }
    images++;
    disputed +=
        example.votes().stream().map(vote -> table.id(vote.label())).distinct().count() > 1 ? 1 : 0;
    if (example.decided()) {
      example.votes().forEach(vote -> add(vote, table.same(vote.label(), example.label())));
    }
  }

  private void add(Vote vote, boolean agrees) {
    add(labellers, Objects.requireNonNullElse(vote.labeller(), ""), agrees);
    add(labels, table.name(vote.label()), agrees);
  }

  private static void add(Map<String, int[]> counts, String name, boolean agrees) {
    int[] votes = counts.computeIfAbsent(name, n -> new int[2]);
    votes[0]++;
    votes[1] += agrees ? 0 : 1;
  }

  private static List<Dissent> sorted(Map<String, int[]> counted) {
    return counted.entrySet().stream()
        .map(entry -> new Dissent(entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
        .filter(dissent -> dissent.against() > 0)
        .sorted(Comparator.comparingInt(dissent -> -dissent.against()))
        .limit(MOST)
        .toList();
  }
}

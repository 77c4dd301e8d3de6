package io.afina.trainer.data;

import io.afina.event.TrainingExample.Vote;
import io.afina.model.Disagreement;
import io.afina.model.Disagreement.Dissent;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Counts where people did not say the same. */
final class DisagreementCounter {

  /** A card stays small however many label. */
  private static final int MOST = 50;

  private final Map<String, int[]> labellers = new TreeMap<>();
  private final Map<String, int[]> labels = new TreeMap<>();
  private int images;
  private int disputed;
  private int undecided;

  private DisagreementCounter() {}

  static Disagreement of(Collection<Dataset.Row> rows) {
    DisagreementCounter all = new DisagreementCounter();
    rows.forEach(all::add);
    return new Disagreement(
        all.images, all.disputed, all.undecided, sorted(all.labellers), sorted(all.labels));
  }

  private void add(Dataset.Row row) {
    undecided += row.decided() ? 0 : 1;
    if (row.votes().size() < 2) {
      return;
    }
    images++;
    disputed +=
        row.votes().stream().map(v -> LabelSpelling.key(v.label())).distinct().count() > 1 ? 1 : 0;
    if (row.decided()) {
      row.votes().forEach(vote -> add(vote, LabelSpelling.same(vote.label(), row.label())));
    }
  }

  private void add(Vote vote, boolean counts) {
    add(labellers, Objects.requireNonNullElse(vote.labeller(), ""), counts);
    add(labels, LabelSpelling.key(vote.label()), counts);
  }

  private static void add(Map<String, int[]> to, String name, boolean counts) {
    int[] votes = to.computeIfAbsent(name, n -> new int[2]);
    votes[0]++;
    votes[1] += counts ? 0 : 1;
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

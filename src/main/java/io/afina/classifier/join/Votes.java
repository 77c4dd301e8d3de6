package io.afina.classifier.join;

import io.afina.event.Correction;
import io.afina.event.RecordLimits;
import io.afina.event.TrainingExample.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The latest label that each labeller gave one image, oldest first. They are stored with the label
 * of the image in the join, and go with every example to {@code training}; the trainer decides how
 * many must agree.
 */
record Votes(List<Vote> all) {

  static final Votes NONE = new Votes(List.of());

  Votes {
    all = all == null ? List.of() : List.copyOf(all);
  }

  /** None where a store was written before there were votes. */
  static Votes of(@Nullable Votes kept) {
    return kept == null ? NONE : kept;
  }

  /** Adds a correction; it replaces the earlier one of the same labeller. */
  Votes with(Correction correction) {
    List<Vote> votes = new ArrayList<>(all);
    votes.removeIf(vote -> Objects.equals(vote.labeller(), correction.labeller()));
    votes.add(new Vote(correction.labeller(), correction.label()));
    return new Votes(votes.subList(Math.max(0, votes.size() - RecordLimits.VOTES), votes.size()));
  }

  /** Adds later votes on the same image. */
  Votes with(Votes later) {
    Votes votes = this;
    for (Vote vote : later.all()) {
      votes = votes.with(new Correction(vote.label(), vote.labeller(), null, null));
    }
    return votes;
  }

  /** The votes for a training example: empty when there is one labeller only. */
  List<Vote> ofSeveral() {
    return all.size() > 1 ? all : List.of();
  }
}

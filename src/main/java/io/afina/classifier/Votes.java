package io.afina.classifier;

import io.afina.event.Correction;
import io.afina.event.TrainingExample.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What everybody said of one image: the last word of each, oldest first. They live where the label
 * of the image lives, in the stores of the join, and go with every example to {@code training}; who
 * trains decides how many must agree.
 */
record Votes(List<Vote> all) {

  static final Votes NONE = new Votes(List.of());

  /** More labellers than that are not remembered, so that no image makes records without bounds. */
  private static final int MOST = 50;

  Votes {
    all = all == null ? List.of() : List.copyOf(all);
  }

  /** A store that was written before there were votes has none. */
  static Votes of(@Nullable Votes kept) {
    return kept == null ? NONE : kept;
  }

  /** After another word; it replaces what the same labeller said before. */
  Votes with(Correction correction) {
    List<Vote> votes = new ArrayList<>(all);
    votes.removeIf(vote -> Objects.equals(vote.labeller(), correction.labeller()));
    votes.add(new Vote(correction.labeller(), correction.label()));
    return new Votes(votes.subList(Math.max(0, votes.size() - MOST), votes.size()));
  }

  /** After what was said elsewhere of the same image, later. */
  Votes with(Votes later) {
    Votes votes = this;
    for (Vote vote : later.all()) {
      votes = votes.with(new Correction(vote.label(), vote.labeller(), null, null));
    }
    return votes;
  }

  /** As an example bears them: one labeller alone is said without. */
  List<Vote> ofSeveral() {
    return all.size() > 1 ? all : List.of();
  }
}

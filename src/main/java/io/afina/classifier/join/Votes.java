package io.afina.classifier.join;

import io.afina.event.Correction;
import io.afina.event.RecordLimits;
import io.afina.event.TrainingExample.Vote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The latest label that each labeller gave one image, oldest first. They are stored with the label
 * of the image in the join, and go with every example to {@code training}; the trainer decides how
 * many must agree.
 *
 * @param all without notes; of earlier versions also without times
 */
record Votes(List<Correction> all) {

  static final Votes NONE = new Votes(List.of());

  Votes {
    all = all == null ? List.of() : List.copyOf(all);
  }

  /** None where a store was written before there were votes. */
  static Votes of(@Nullable Votes kept) {
    return kept == null ? NONE : kept;
  }

  /**
   * Adds a correction; it replaces the earlier one of the same labeller.
   *
   * @param timestamp when it was made, if it does not say: milliseconds since 1970
   */
  Votes with(Correction correction, long timestamp) {
    Instant at = correction.at() == null ? Instant.ofEpochMilli(timestamp) : correction.at();
    return plus(new Correction(correction.label(), correction.labeller(), at, null));
  }

  /** Adds later votes on the same image. */
  Votes with(Votes later) {
    Votes votes = this;
    for (Correction vote : later.all()) {
      votes = votes.plus(vote);
    }
    return votes;
  }

  private Votes plus(Correction vote) {
    List<Correction> votes = new ArrayList<>(without(vote.labeller()).all());
    votes.add(vote);
    return new Votes(votes.subList(Math.max(0, votes.size() - RecordLimits.VOTES), votes.size()));
  }

  /** Without that of one labeller, who takes it back. */
  Votes without(@Nullable String labeller) {
    return new Votes(
        all.stream().filter(vote -> !Objects.equals(vote.labeller(), labeller)).toList());
  }

  /** The same, of which one labeller's is that of those of whom nothing is known. */
  Votes unnamed(String labeller) {
    Votes votes = NONE;
    for (Correction vote : all) {
      votes = votes.plus(labeller.equals(vote.labeller()) ? vote.unnamed() : vote);
    }
    return votes;
  }

  Optional<Correction> last() {
    return all.stream().reduce((earlier, later) -> later);
  }

  /** The votes for a training example: empty when there is one labeller only. */
  List<Vote> ofSeveral() {
    return all.size() > 1
        ? all.stream().map(vote -> new Vote(vote.labeller(), vote.label())).toList()
        : List.of();
  }
}

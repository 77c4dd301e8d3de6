package io.afina.classifier.join;

import io.afina.event.Correction;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The label of an image, with what the training example needs of its correction.
 *
 * @param votes null where a store was written before there were any
 */
record Joined(Correction correction, Instant at, @Nullable Votes votes) {

  static Joined of(Correction correction, long timestamp, Votes votes) {
    Instant at = correction.at() == null ? Instant.ofEpochMilli(timestamp) : correction.at();
    return new Joined(correction, at, votes);
  }

  /** The same, asked for the reason of the one before, unless it has a reason of its own. */
  Joined keepingReasonOf(Joined before) {
    return correction.asked() == null
        ? new Joined(correction.inAnswerTo(before.correction().asked()), at, votes)
        : this;
  }

  /**
   * The same without what one labeller said: of the others, who spoke last counts. Itself when he
   * said nothing; empty when nobody else did. Why the image was asked about does not change.
   */
  Optional<Joined> without(@Nullable String labeller) {
    Votes said = votes == null ? Votes.NONE.with(correction, at.toEpochMilli()) : votes;
    Votes rest = said.without(labeller);
    if (rest.equals(said)) {
      return Optional.of(this);
    }
    return rest.last()
        .map(
            last ->
                Objects.equals(correction.labeller(), labeller)
                    ? new Joined(
                        last.inAnswerTo(correction.asked()),
                        Objects.requireNonNullElse(last.at(), at),
                        rest)
                    : new Joined(correction, at, rest));
  }

  /** The same without the name of one labeller. */
  Joined unnamed(String labeller) {
    return new Joined(
        labeller.equals(correction.labeller()) ? correction.unnamed() : correction,
        at,
        votes == null ? null : votes.unnamed(labeller));
  }

  boolean repeats(Joined before) {
    return before.correction().label().equals(correction.label())
        && Objects.equals(before.correction().labeller(), correction.labeller())
        && before.correction().asked() == correction.asked();
  }
}

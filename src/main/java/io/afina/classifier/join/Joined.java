package io.afina.classifier.join;

import io.afina.event.Correction;
import io.afina.event.ReviewItem.ReviewReason;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The label of an image, with what the training example needs of its correction.
 *
 * @param votes null where a store was written before there were any
 * @param checked whether who said it was shown that the label looks wrong
 */
record Joined(Correction correction, Instant at, @Nullable Votes votes, boolean checked) {

  Joined(Correction correction, Instant at, @Nullable Votes votes) {
    this(correction, at, votes, false);
  }

  /** That a label looks wrong is no reason for which the image was selected. */
  static Joined of(Correction correction, long timestamp, Votes votes) {
    Instant at = correction.at() == null ? Instant.ofEpochMilli(timestamp) : correction.at();
    boolean checked = correction.asked() == ReviewReason.SUSPECT;
    return new Joined(checked ? correction.inAnswerTo(null) : correction, at, votes, checked);
  }

  /**
   * The same, asked for the reason of the one before, unless it has a reason of its own. A label
   * that was checked stays so.
   */
  Joined after(Joined before) {
    boolean stays = before.checked() && before.correction().label().equals(correction.label());
    return new Joined(
        correction.asked() == null
            ? correction.inAnswerTo(before.correction().asked())
            : correction,
        at,
        votes,
        checked || stays);
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
                    : new Joined(correction, at, rest, checked));
  }

  /** The same without the name of one labeller. */
  Joined unnamed(String labeller) {
    return new Joined(
        labeller.equals(correction.labeller()) ? correction.unnamed() : correction,
        at,
        votes == null ? null : votes.unnamed(labeller),
        checked);
  }

  boolean repeats(Joined before) {
    return before.correction().label().equals(correction.label())
        && Objects.equals(before.correction().labeller(), correction.labeller())
        && before.correction().asked() == correction.asked()
        && before.checked() == checked;
  }
}

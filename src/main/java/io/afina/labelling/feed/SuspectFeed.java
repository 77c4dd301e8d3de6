package io.afina.labelling.feed;

import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.suspect.Suspects;
import io.afina.suspect.Suspects.Suspect;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Feeds the queue with labels that look wrong, those of images whose home is a partition of this
 * instance. Nothing is written to {@code review}. For one thread.
 */
final class SuspectFeed {

  /** Above all offsets of {@code review}, so that both are found by their place. */
  private static final long FIRST = 100_000_000_000_000_000L;

  /** A label bears the time at which it was made, and its record that at which it was sent. */
  private static final Duration SENDING = Duration.ofSeconds(1);

  private final ReviewQueue queue;
  private final AnswerIndex answers;
  private final Supplier<Optional<Suspects>> newest;
  private Optional<Suspects> shown = Optional.empty();
  private Set<Integer> owned = Set.of();

  SuspectFeed(ReviewQueue queue, AnswerIndex answers, Supplier<Optional<Suspects>> newest) {
    this.queue = queue;
    this.answers = answers;
    this.newest = newest;
  }

  /**
   * Offers what is new.
   *
   * @param partitions of this instance of which all answers are known
   * @return whether there was anything
   */
  boolean round(Set<Integer> partitions) {
    Optional<Suspects> now = newest.get();
    if (now.equals(shown) && partitions.equals(owned)) {
      return false;
    }
    shown = now;
    owned = Set.copyOf(partitions);
    queue.suspect(now.map(found -> items(found.backbone(), found.all())).orElse(List.of()));
    return true;
  }

  private List<QueuedItem> items(String backbone, List<Suspect> found) {
    return found.stream()
        .filter(suspect -> owned.contains(suspect.partition()) && !isAnswered(suspect))
        .map(suspect -> item(backbone, suspect))
        .toList();
  }

  /** Whether somebody has said something since. */
  private boolean isAnswered(Suspect suspect) {
    long until = suspect.said().plus(SENDING).toEpochMilli();
    return answers.answers(suspect.image()).filter(said -> said.last().at() > until).isPresent();
  }

  private static QueuedItem item(String backbone, Suspect suspect) {
    long said = suspect.said().toEpochMilli();
    Optional<Score> first = suspect.top().stream().findFirst();
    Prediction prediction =
        new Prediction(
            first.map(Score::label).orElse(null),
            first.map(Score::confidence).orElse(null),
            suspect.top(),
            null,
            null,
            null,
            backbone,
            new Position(suspect.place().partition(), suspect.place().offset(), said),
            new Timings(0, 0, 0),
            null,
            null);
    return new QueuedItem(
        new RecordId(suspect.partition(), FIRST + suspect.offset()),
        suspect.image(),
        new ReviewItem(prediction, ReviewReason.SUSPECT, suspect.doubt(), null),
        said,
        SpanContext.getInvalid(),
        suspect);
  }
}

package io.afina.labelling.queue;

import io.afina.event.Prediction;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem;
import io.afina.suspect.Suspects.Suspect;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * A review item as it stands on its topic.
 *
 * @param id where it is
 * @param image the image id
 * @param review what is asked, and why
 * @param timestamp of the record, milliseconds since 1970
 * @param trace the span that it names; not valid when nobody traced the image
 * @param suspect what looks wrong, where a label is asked again; else null
 */
public record QueuedItem(
    RecordId id,
    String image,
    ReviewItem review,
    long timestamp,
    SpanContext trace,
    @Nullable Suspect suspect) {

  /** One that has no label yet. */
  public QueuedItem(
      RecordId id, String image, ReviewItem review, long timestamp, SpanContext trace) {
    this(id, image, review, timestamp, trace, null);
  }

  /** The same with another prediction. */
  QueuedItem predicted(Prediction other, double uncertainty) {
    return new QueuedItem(
        id, image, review.predicted(other, uncertainty), timestamp, trace, suspect);
  }
}

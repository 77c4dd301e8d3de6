package io.afina.labelling.queue;

import io.afina.event.RecordId;
import io.afina.event.ReviewItem;
import io.opentelemetry.api.trace.SpanContext;

/**
 * A review item as it stands on its topic.
 *
 * @param id where it is
 * @param image the image id
 * @param review what is asked, and why
 * @param timestamp of the record, milliseconds since 1970
 * @param trace the span that it names; not valid when nobody traced the image
 */
public record QueuedItem(
    RecordId id, String image, ReviewItem review, long timestamp, SpanContext trace) {}

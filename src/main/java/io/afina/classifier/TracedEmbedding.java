package io.afina.classifier;

import io.afina.event.Embedding;
import io.opentelemetry.api.trace.SpanContext;

/**
 * An embedding as it is kept for its correction, with the trace that its image belongs to: whoever
 * corrects need not know of it.
 *
 * @param trace the span in which the image was classified; not valid when nobody traced it
 */
record TracedEmbedding(Embedding embedding, SpanContext trace) {}

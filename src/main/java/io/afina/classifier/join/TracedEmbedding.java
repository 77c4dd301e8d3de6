package io.afina.classifier.join;

import io.afina.event.Embedding;
import io.opentelemetry.api.trace.SpanContext;

/**
 * An embedding that waits for a correction, with the trace of its image: whoever corrects need not
 * know of it.
 *
 * @param trace the span in which the image was classified; not valid when nobody traced it
 */
record TracedEmbedding(Embedding embedding, SpanContext trace) {}

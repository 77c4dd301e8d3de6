package io.afina.classifier.join;

import io.afina.metrics.CorrectionMeters.Outcome;
import io.afina.metrics.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;

/**
 * Traces what became of a correction. Its spans belong to the trace of the image, so that one trace
 * leads from the picture to what was learned from it; a correction that is part of another is
 * linked to. While the image is not there, or nobody traced it, the correction's own counts.
 */
record JoinSpans(Tracer tracer) {

  private static final String NAME = "join";

  /**
   * Records what became of a correction.
   *
   * @param image the span in which its image was classified, valid or not
   * @param correction the span that the correction names, valid or not
   * @return the span that whatever follows from it belongs to
   */
  SpanContext became(Outcome outcome, SpanContext image, SpanContext correction) {
    boolean apart = image.isValid() && !image.getTraceId().equals(correction.getTraceId());
    SpanBuilder builder =
        tracer
            .spanBuilder(NAME)
            .setParent(Traces.under(apart ? image : correction))
            .setAttribute("afina.outcome", outcome.text());
    if (apart && correction.isValid()) {
      builder.addLink(correction);
    }
    Span span = builder.startSpan();
    span.end();
    return span.getSpanContext();
  }
}

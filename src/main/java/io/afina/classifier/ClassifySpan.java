package io.afina.classifier;

import io.afina.event.Prediction;
import io.afina.event.UnusableRecordException;
import io.afina.event.header.TraceHeaders;
import io.afina.metrics.Traces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Traces the classification of one image. Names of attributes, where the conventions have some, are
 * those of <a href="https://opentelemetry.io/docs/specs/semconv/messaging/kafka/">OpenTelemetry's
 * conventions for Kafka</a>.
 */
record ClassifySpan(Span span) {

  private static final String NAME = "classify";
  private static final AttributeKey<Double> QUEUE = AttributeKey.doubleKey("afina.queue.ms");
  private static final AttributeKey<Double> DECODE = AttributeKey.doubleKey("afina.decode.ms");
  private static final AttributeKey<Double> INFERENCE =
      AttributeKey.doubleKey("afina.inference.ms");
  private static final AttributeKey<Long> HEAD = AttributeKey.longKey("afina.head.version");

  /** Starts the span, in the trace that the image names. */
  static ClassifySpan start(Tracer tracer, RecordMetadata at, Headers image) {
    Span span =
        tracer
            .spanBuilder(NAME)
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(Traces.under(TraceHeaders.read(image)))
            .startSpan();
    if (span.isRecording()) {
      span.setAttribute("messaging.system", "kafka")
          .setAttribute("messaging.destination.name", at.topic())
          .setAttribute("messaging.destination.partition.id", Integer.toString(at.partition()))
          .setAttribute("messaging.kafka.offset", at.offset());
    }
    return new ClassifySpan(span);
  }

  SpanContext context() {
    return span.getSpanContext();
  }

  /** Adds the prediction, and takes measurements within the span. */
  void predicted(String id, Prediction prediction, Runnable measuring) {
    if (span.isRecording()) {
      span.setAttribute("messaging.kafka.message.key", id)
          .setAttribute(QUEUE, prediction.timings().queue())
          .setAttribute(DECODE, prediction.timings().decode())
          .setAttribute(INFERENCE, prediction.timings().inference())
          .setAttribute(HEAD, Objects.requireNonNullElse(prediction.head(), 0L));
    }
    Context.root().with(span).wrap(measuring).run();
  }

  /** Marks the image as one that cannot be classified. */
  void setAside(UnusableRecordException why) {
    span.setAttribute("afina.stage", why.stage().text())
        .setAttribute("error.type", why.reason().text())
        .setStatus(StatusCode.ERROR, why.why());
  }

  void end() {
    span.end();
  }
}

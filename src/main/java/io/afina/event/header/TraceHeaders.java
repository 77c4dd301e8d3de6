package io.afina.event.header;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes a record's trace context, the headers {@code traceparent} and {@code tracestate}
 * of <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>. A malformed header is
 * ignored.
 */
public final class TraceHeaders {

  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

  /** W3C asks for 512; a longer header is ignored. */
  private static final int MOST_BYTES = 1024;

  private TraceHeaders() {}

  /** The span of a record; an invalid one when it has none. */
  public static SpanContext read(Headers headers) {
    return Span.fromContext(W3C.extract(Context.root(), headers, Getter.INSTANCE)).getSpanContext();
  }

  /** Replaces the span of a record; an invalid one removes it. */
  public static void write(SpanContext span, Headers headers) {
    W3C.fields().forEach(headers::remove);
    if (span.isValid()) {
      W3C.inject(
          Context.root().with(Span.wrap(span)),
          headers,
          (into, name, value) -> into.add(name, value.getBytes(UTF_8)));
    }
  }

  private enum Getter implements TextMapGetter<Headers> {
    INSTANCE;

    @Override
    public @Nullable String get(@Nullable Headers headers, String name) {
      Header header = headers == null ? null : headers.lastHeader(name);
      byte[] value = header == null ? null : header.value();
      return value == null || value.length > MOST_BYTES ? null : new String(value, UTF_8);
    }
  }
}

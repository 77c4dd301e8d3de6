package io.afina.trainer.data;

import io.afina.event.header.TraceHeaders;
import io.afina.metrics.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.common.header.Headers;

/** Keeps the trace contexts of examples until a head has learned them. For one thread. */
final class ExampleTraces {

  /** As many links as a span keeps by OpenTelemetry's default, and one parent. */
  private static final int MOST = 129;

  private final Deque<Traced> newestLast = new ArrayDeque<>();

  private record Traced(int partition, long offset, SpanContext span) {}

  /** Adds an example, traced or not. */
  void add(int partition, long offset, Headers headers) {
    SpanContext span = TraceHeaders.read(headers);
    if (span.isValid()) {
      newestLast.addLast(new Traced(partition, offset, span));
      if (newestLast.size() > MOST) {
        newestLast.removeFirst();
      }
    }
  }

  /** Removes the examples before these offsets, which a head has learned. */
  void learned(Map<Integer, Long> offsets) {
    newestLast.removeIf(traced -> traced.offset() < offsets.getOrDefault(traced.partition(), 0L));
  }

  /**
   * Starts the span of the head that will learn the examples. A head is one record, and a record
   * belongs to one trace: that of the newest example. The others are linked.
   */
  Span start(Tracer tracer, String name) {
    SpanBuilder builder = tracer.spanBuilder(name);
    Iterator<Traced> newestFirst = newestLast.descendingIterator();
    if (newestFirst.hasNext()) {
      builder.setParent(Traces.under(newestFirst.next().span()));
    } else {
      builder.setNoParent();
    }
    newestFirst.forEachRemaining(traced -> builder.addLink(traced.span()));
    return builder.startSpan();
  }
}

package io.afina.trainer.data;

import io.afina.event.TraceHeaders;
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

/** The traces of the examples that no head has learned yet. For one thread. */
final class ExampleTraces {

  /** As many links as a span keeps by OpenTelemetry's default, and one parent. */
  private static final int MOST = 129;

  private final Deque<Traced> newestLast = new ArrayDeque<>();

  private record Traced(int partition, long offset, SpanContext span) {

    boolean isBefore(Map<Integer, Long> offsets) {
      return offset < offsets.getOrDefault(partition, 0L);
    }
  }

  /** An example came, traced or not. */
  void add(int partition, long offset, Headers headers) {
    SpanContext span = TraceHeaders.read(headers);
    if (span.isValid()) {
      newestLast.addLast(new Traced(partition, offset, span));
      if (newestLast.size() > MOST) {
        newestLast.removeFirst();
      }
    }
  }

  /** A head has learned all that is before these offsets. */
  void learned(Map<Integer, Long> offsets) {
    newestLast.removeIf(traced -> traced.isBefore(offsets));
  }

  /**
   * A span for the head that will learn them. A head has one record, and its record one trace: that
   * of the newest example. The others are linked to.
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

package io.afina;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Spans that end are kept in memory. */
public final class Spans implements AutoCloseable {

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();

  /** A span of somebody else, sampled, whose trace and span ids are made of these digits. */
  public static SpanContext remote(int digits) {
    String hex = "%016x".formatted(digits);
    return SpanContext.createFromRemoteParent(
        hex + hex, hex, TraceFlags.getSampled(), TraceState.getDefault());
  }

  /** A span as its header has it. */
  public static String header(SpanContext span) {
    return "00-%s-%s-%s"
        .formatted(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asHex());
  }

  /** The header of a record; empty text where there is none. */
  public static String header(Headers headers) {
    Header header = headers.lastHeader("traceparent");
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  public Tracer tracer() {
    return provider.get("test");
  }

  public List<SpanData> ended() {
    return exporter.getFinishedSpanItems();
  }

  /** Those of a name. */
  public List<SpanData> named(String name) {
    return ended().stream().filter(span -> span.getName().equals(name)).toList();
  }

  @Override
  public void close() {
    provider.close();
  }
}

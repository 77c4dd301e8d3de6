package io.afina.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.afina.Spans;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracesTest {

  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  private static final String EXPORTER = "otel.traces.exporter";

  private final List<String> received = new CopyOnWriteArrayList<>();

  @AfterEach
  void forget() {
    System.clearProperty(ENDPOINT);
    System.clearProperty(EXPORTER);
  }

  @Test
  void shouldSendSpansToTheCollectorThatAVariableNames() throws IOException {
    HttpServer collector = collector();
    try {
      // given
      System.setProperty(
          ENDPOINT, "http://127.0.0.1:%d".formatted(collector.getAddress().getPort()));

      // when
      try (Traces traces = Traces.configured("classify")) {
        traces.tracer().spanBuilder("some work").startSpan().end();
      }

      // then
      assertThat(received)
          .singleElement()
          .asString()
          .startsWith("/v1/traces ")
          .contains("some work", "afina-classify");
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void shouldRecordNothingUnlessAskedTo() {
    try (Traces traces = Traces.configured("classify")) {
      assertThat(traces.tracer().spanBuilder("some work").startSpan().isRecording()).isFalse();
    }

    System.setProperty(ENDPOINT, "http://127.0.0.1:1");
    System.setProperty(EXPORTER, "none");
    try (Traces traces = Traces.configured("classify")) {
      assertThat(traces.tracer().spanBuilder("some work").startSpan().isRecording()).isFalse();
    }
  }

  @Test
  void shouldSayWhichVariableIsWrong() {
    System.setProperty(EXPORTER, "pigeons");
    assertThatThrownBy(() -> Traces.configured("classify"))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIGURATION))
        .hasMessageContaining("OTEL_")
        .hasMessageContaining("pigeons");
  }

  @Test
  void shouldMakeASpanTheCurrentOneWhileItLasts() {
    try (Spans spans = new Spans()) {
      // given
      Span outer = spans.tracer().spanBuilder("outer").startSpan();
      Span failing = spans.tracer().spanBuilder("failing").startSpan();

      // when
      Traces.in(
          outer,
          () -> Traces.in(spans.tracer().spanBuilder("inner").startSpan(), () -> "done").length());
      assertThatThrownBy(
              () ->
                  Traces.in(
                      failing,
                      () -> {
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");

      // then
      SpanData inner = spans.named("inner").get(0);
      assertThat(inner.getParentSpanContext()).isEqualTo(outer.getSpanContext());
      assertThat(spans.named("failing").get(0).getStatus().getStatusCode())
          .isEqualTo(StatusCode.ERROR);
      assertThat(spans.ended()).hasSize(3);
      assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }
  }

  /** Takes spans as an OpenTelemetry collector does. */
  private HttpServer collector() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            received.add(
                exchange.getRequestURI() + " " + new String(body, StandardCharsets.ISO_8859_1));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    return server;
  }
}

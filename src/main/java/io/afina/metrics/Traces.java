package io.afina.metrics;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where spans go. Nowhere, unless a variable or system property of OpenTelemetry's names an
 * exporter; the trace of a record is then still carried on, by a tracer that records nothing.
 */
public final class Traces implements AutoCloseable {

  private static final String SCOPE = "io.afina";
  private static final String EXPORTER = "otel.traces.exporter";
  private static final String NONE = "none";

  /** Who sets one of these wants spans (a variable has capitals and underscores). */
  private static final List<String> ASKING =
      List.of(EXPORTER, "otel.exporter.otlp.endpoint", "otel.exporter.otlp.traces.endpoint");

  private final @Nullable OpenTelemetrySdk sdk;

  private Traces(@Nullable OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /**
   * As OpenTelemetry's own settings say.
   *
   * @param role of the process; its service is {@code afina-<role>} unless the settings name
   *     another
   * @throws AfinaException when a setting cannot be used
   */
  public static Traces configured(String role) {
    return areWanted() ? new Traces(sdk(role)) : new Traces(null);
  }

  /** A tracer that carries traces on and records nothing. */
  public static Tracer off() {
    return TracerProvider.noop().get(SCOPE);
  }

  /** What makes spans. */
  public Tracer tracer() {
    return sdk == null ? off() : sdk.getTracer(SCOPE);
  }

  /** A context in which the next span is a child of this one. */
  public static Context under(SpanContext parent) {
    return Context.root().with(Span.wrap(parent));
  }

  /** Does something while a span is the current one, and ends the span. */
  public static <T> T in(Span span, Supplier<T> step) {
    try {
      return Context.current().with(span).wrapSupplier(step).get();
    } catch (RuntimeException | Error e) {
      span.recordException(e).setStatus(StatusCode.ERROR, e.toString());
      throw e;
    } finally {
      span.end();
    }
  }

  /** Does something while a span is the current one, and ends the span. */
  public static void in(Span span, Runnable step) {
    boolean unused =
        in(
            span,
            () -> {
              step.run();
              return true;
            });
  }

  /** Sends what was not sent yet, for at most ten seconds. */
  @Override
  public void close() {
    if (sdk != null) {
      sdk.close();
    }
  }

  private static boolean areWanted() {
    return !setting(EXPORTER).filter(NONE::equals).isPresent()
        && ASKING.stream().anyMatch(name -> setting(name).isPresent());
  }

  private static Optional<String> setting(String name) {
    String variable = name.toUpperCase(Locale.ROOT).replace('.', '_');
    return Optional.ofNullable(System.getProperty(name))
        .or(() -> Optional.ofNullable(System.getenv(variable)))
        .filter(value -> !value.isBlank());
  }

  private static OpenTelemetrySdk sdk(String role) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    try {
      return AutoConfiguredOpenTelemetrySdk.builder()
          .disableShutdownHook()
          .addPropertiesSupplier(() -> defaults(role))
          .build()
          .getOpenTelemetrySdk();
    } catch (RuntimeException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION,
          "the OTEL_* variables cannot be used: %s".formatted(e.getMessage()),
          e);
    }
  }

  /**
   * Meters and logs have ways of their own; spans go over HTTP, for which nothing more is needed.
   */
  private static Map<String, String> defaults(String role) {
    return Map.of(
        "otel.service.name",
        "afina-" + role,
        "otel.metrics.exporter",
        NONE,
        "otel.logs.exporter",
        NONE,
        "otel.exporter.otlp.protocol",
        "http/protobuf");
  }
}

package io.afina.http;

import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes every refusal as a problem document, whether a route, Javalin or Jetty refuses. */
public final class ProblemHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
  private static final String MEDIA_TYPE = "application/problem+json";

  private ProblemHandler() {}

  /** Writes the refusals of routes and of Javalin, and bugs. */
  static void handle(RoutesConfig routes) {
    routes.exception(Problem.class, (problem, ctx) -> write(ctx, problem));
    routes.exception(
        MalformedRecordException.class,
        (e, ctx) -> write(ctx, Problem.of(400, "malformed", "the body " + e.getMessage())));
    routes.exception(
        HttpResponseException.class,
        (e, ctx) -> write(ctx, Problem.of(e.getStatus(), "http", sentence(e.getStatus()))));
    routes.exception(
        Exception.class,
        (e, ctx) -> {
          LOG.atError()
              .addKeyValue("method", ctx.method())
              .addKeyValue("path", ctx.path())
              .setCause(e)
              .log("request failed");
          write(ctx, Problem.of(500, "fault", "this is a fault of Afina: the log says more"));
        });
  }

  /** Writes the refusals of Jetty, which sees a request before any route does. */
  static ErrorHandler jetty() {
    return new ErrorHandler() {
      @Override
      protected void generateResponse(
          Request request,
          Response response,
          int code,
          @Nullable String message,
          @Nullable Throwable cause,
          Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, MEDIA_TYPE);
        SecurityHeaders.ALL.forEach((name, value) -> response.getHeaders().put(name, value));
        Problem problem = Problem.of(code, "http", sentence(code));
        response.write(true, ByteBuffer.wrap(Json.write(problem.document(null))), callback);
      }

      @Override
      public boolean errorPageForMethod(String method) {
        return true;
      }
    };
  }

  /** Answers a request with a problem. */
  public static void write(Context ctx, Problem problem) {
    problem.headers().forEach(ctx::header);
    ctx.status(problem.status())
        .header("Cache-Control", "no-store")
        .result(Json.write(problem.document(ctx.path())))
        .contentType(MEDIA_TYPE);
  }

  private static String sentence(int status) {
    return switch (status) {
      case 400 -> "the request cannot be read";
      case 404 -> "there is nothing at this path; GET /openapi.json lists what there is";
      case 405 -> "this path does not take that method";
      case 413 -> "the body is too large";
      case 414 -> "the path is too long";
      case 431 -> "the headers are too large";
      default -> Objects.requireNonNullElse(Problem.title(status), "refused");
    };
  }
}

package io.afina.metrics;

import io.afina.config.ManagementConfig;
import io.afina.http.HttpServer;
import io.afina.http.Problem;
import io.afina.http.ProblemHandler;
import io.afina.http.Requests;
import io.afina.http.Tls;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The management port: {@code /metrics} for Prometheus, {@code /health/started}, {@code
 * /health/live} and {@code /health/ready} for whoever restarts processes, {@code /loggers} for
 * those who have its token.
 */
public final class ManagementServer implements AutoCloseable {

  private static final int THREADS = 8;

  /** Where a port is looked for when none was named: two roles on one machine must not collide. */
  private static final int FIRST_PORT = 9400;

  private static final int LAST_PORT = 9419;

  private final HttpServer server;

  /**
   * Starts it; the caller keeps what it passes in.
   *
   * @throws AfinaException when the port is taken
   */
  public ManagementServer(ManagementConfig config, Metrics metrics, Health health) {
    Integer named = config.port();
    int first = named == null ? FIRST_PORT : named;
    int last = named == null ? LAST_PORT : named;
    try {
      server =
          new HttpServer(
              new HttpServer.Listener("afina-management", config.host(), first, last, THREADS),
              Tls::plain,
              javalin -> routes(javalin.routes, config, metrics, health));
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION,
          "the management port %s:%d cannot be used (%s): give this process another with --management-port, or 0 for any"
              .formatted(config.host(), last, e.getMessage()),
          e);
    }
  }

  /** Where it listens. */
  public URI address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }

  private static void routes(
      RoutesConfig routes, ManagementConfig config, Metrics metrics, Health health) {
    routes.get("/metrics", metrics::scrape);
    routes.get("/health/started", ctx -> answer(ctx, "started", health.starting()));
    routes.get("/health/live", ctx -> answer(ctx, "live", health.troubles()));
    routes.get("/health/ready", ctx -> answer(ctx, "ready", health.missing()));
    new LogLevels(config.tokenFile()).into(routes);
    routes.exception(
        NotFoundResponse.class,
        (e, ctx) ->
            ProblemHandler.write(
                ctx,
                Problem.of(
                    404,
                    "not-found",
                    "there is no %s: try /metrics, /health/started, /health/live, /health/ready or /loggers/NAME"
                        .formatted(ctx.path()))));
    routes.exception(
        MethodNotAllowedResponse.class,
        (e, ctx) -> {
          String allowed = String.join(", ", e.getDetails().values());
          ctx.header("Allow", allowed);
          ProblemHandler.write(ctx, Problem.of(405, "method", "this path has " + allowed));
        });
  }

  private static void answer(Context ctx, String what, Map<String, String> wrong) {
    ctx.status(wrong.isEmpty() ? 200 : 503);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(what, wrong.isEmpty());
    body.put("parts", wrong);
    Requests.answer(ctx, body);
  }
}

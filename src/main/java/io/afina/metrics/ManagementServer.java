package io.afina.metrics;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.afina.config.ManagementConfig;
import io.afina.event.Json;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The management port: {@code /metrics} for Prometheus, {@code /health/live} and {@code
 * /health/ready} for whoever restarts processes, {@code /loggers} for those who have its token.
 */
public final class ManagementServer implements AutoCloseable {

  private static final int THREADS = 2;

  /** Where a port is looked for when none was named: two roles on one machine must not collide. */
  private static final int FIRST_PORT = 9400;

  private static final int LAST_PORT = 9419;

  private final Closer closer = new Closer();
  private final HttpServer server;

  /** Starts it; the caller keeps what it passes in. */
  public ManagementServer(ManagementConfig config, Metrics metrics, Health health) {
    server = bind(config);
    closer.own(() -> server.stop(0));
    try {
      serve(config, metrics, health);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private void serve(ManagementConfig config, Metrics metrics, Health health) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, ManagementServer::thread);
    closer.own(threads::shutdownNow);
    server.setExecutor(threads);
    server.createContext("/metrics", new MetricsHandler(metrics.scraped()));
    server.createContext("/health/live", health("live", health::troubles));
    server.createContext("/health/ready", health("ready", health::missing));
    server.createContext("/loggers", new LogLevels(config.tokenFile()));
    server.createContext(
        "/",
        exchange ->
            ManagementResponses.problem(
                exchange,
                404,
                "not-found",
                "there is no %s: try /metrics, /health/live, /health/ready or /loggers"
                    .formatted(exchange.getRequestURI().getPath())));
    server.start();
  }

  /** Where it listens. */
  public URI address() {
    InetSocketAddress bound = server.getAddress();
    return URI.create("http://%s:%d".formatted(host(bound), bound.getPort()));
  }

  @Override
  public void close() {
    closer.close();
  }

  private static String host(InetSocketAddress bound) {
    String host = bound.getAddress().getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "afina-management");
    thread.setDaemon(true);
    return thread;
  }

  private static HttpServer bind(ManagementConfig config) {
    Integer port = config.port();
    if (port != null) {
      return bind(config, port, port);
    }
    return bind(config, FIRST_PORT, LAST_PORT);
  }

  private static HttpServer bind(ManagementConfig config, int first, int last) {
    for (int port = first; port <= last; port++) {
      try {
        return HttpServer.create(new InetSocketAddress(config.host(), port), 0);
      } catch (BindException e) {
        if (port == last) {
          throw unusable(config, port, e);
        }
      } catch (IOException e) {
        throw unusable(config, port, e);
      }
    }
    throw new IllegalArgumentException("no ports from %d to %d".formatted(first, last));
  }

  private static AfinaException unusable(ManagementConfig config, int port, IOException why) {
    return new AfinaException(
        ExitCode.CONFIGURATION,
        "the management port %s:%d cannot be used (%s): give this process another with --management-port, or 0 for any"
            .formatted(config.host(), port, why.getMessage()),
        why);
  }

  private static HttpHandler health(String what, Supplier<Map<String, String>> wrong) {
    return exchange -> {
      Map<String, String> parts = wrong.get();
      Map<String, Object> body = new LinkedHashMap<>();
      body.put(what, parts.isEmpty());
      body.put("parts", parts);
      ManagementResponses.json(exchange, parts.isEmpty() ? 200 : 503, Json.write(body));
    };
  }
}

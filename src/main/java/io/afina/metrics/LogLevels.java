package io.afina.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.afina.event.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * {@code /loggers/NAME}: GET gives a logger's level; PUT with a level as its body changes it until
 * the process ends. Both need the bearer token of the token file, which is read at each request.
 */
final class LogLevels implements HttpHandler {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);
  private static final String PATH = "/loggers/";
  private static final String SCHEME = "Bearer ";
  private static final int LONGEST = 10;

  private final @Nullable String tokenFile;

  LogLevels(@Nullable String tokenFile) {
    this.tokenFile = tokenFile;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!mayUse(exchange)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      ManagementResponses.problem(
          exchange,
          401,
          "not-allowed",
          tokenFile == null
              ? "log levels are closed: set management.tokenFile, and send its token as a bearer"
              : "send the token of management.tokenFile as a bearer");
    } else if (!path.startsWith(PATH) || path.length() == PATH.length()) {
      ManagementResponses.problem(
          exchange, 404, "not-found", "name a logger, such as /loggers/io.afina");
    } else {
      answer(exchange, path.substring(PATH.length()));
    }
  }

  private static void answer(HttpExchange exchange, String name) throws IOException {
    if (!(LoggerFactory.getLogger(name) instanceof Logger logger)) {
      ManagementResponses.problem(
          exchange, 501, "other-logging", "another logging library is in use");
      return;
    }
    switch (exchange.getRequestMethod()) {
      case "GET" -> show(exchange, logger);
      case "PUT" -> {
        Optional<Level> level = level(exchange);
        if (level.isEmpty()) {
          ManagementResponses.problem(
              exchange,
              400,
              "no-level",
              "the body must be one of OFF, ERROR, WARN, INFO, DEBUG, TRACE");
          return;
        }
        logger.setLevel(level.get());
        LOG.atWarn()
            .addKeyValue("logger", name)
            .addKeyValue("level", level.get())
            .log("log level changed");
        show(exchange, logger);
      }
      default -> {
        exchange.getResponseHeaders().set("Allow", "GET, PUT");
        ManagementResponses.problem(exchange, 405, "method", "a logger has GET and PUT");
      }
    }
  }

  private static Optional<Level> level(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(LONGEST);
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return Optional.ofNullable(Level.toLevel(text, null));
  }

  private static void show(HttpExchange exchange, Logger logger) throws IOException {
    ManagementResponses.json(
        exchange,
        200,
        Json.write(
            Map.of("logger", logger.getName(), "level", logger.getEffectiveLevel().toString())));
  }

  private boolean mayUse(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (tokenFile == null || header == null || !header.startsWith(SCHEME)) {
      return false;
    }
    byte[] given = header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    byte[] expected = token(tokenFile);
    return expected.length > 0 && MessageDigest.isEqual(expected, given);
  }

  /** Nothing, which nobody can send, when it cannot be read. */
  private static byte[] token(String file) {
    try {
      return Files.readString(Path.of(file)).strip().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", file).addKeyValue("why", e).log("token file cannot be read");
      return new byte[0];
    }
  }
}

package io.afina.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.log.Audit;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * {@code /loggers/NAME}: GET gives a logger's level; PUT with a level as its body changes it until
 * the process ends. Both need the bearer token of the token file, which is read at each request.
 */
record LogLevels(@Nullable String tokenFile) {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);
  private static final String SCHEME = "Bearer ";
  private static final int LONGEST = 10;

  void into(RoutesConfig routes) {
    routes.before("/loggers", this::check);
    routes.before("/loggers/*", this::check);
    routes.get("/loggers/<name>", ctx -> show(ctx, logger(ctx)));
    routes.put("/loggers/<name>", LogLevels::change);
  }

  private void check(Context ctx) {
    if (!mayUse(ctx.header("Authorization"))) {
      ctx.header("WWW-Authenticate", "Bearer");
      throw Problem.of(
          401,
          "not-allowed",
          tokenFile == null
              ? "log levels are closed: set management.tokenFile, and send its token as a bearer"
              : "send the token of management.tokenFile as a bearer");
    }
  }

  private static Logger logger(Context ctx) {
    if (LoggerFactory.getLogger(ctx.pathParam("name")) instanceof Logger logger) {
      return logger;
    }
    throw Problem.of(501, "other-logging", "another logging library is in use");
  }

  private static void change(Context ctx) throws IOException {
    Logger logger = logger(ctx);
    byte[] body = ctx.bodyInputStream().readNBytes(LONGEST);
    Level level = Level.toLevel(new String(body, StandardCharsets.UTF_8).strip(), null);
    if (level == null) {
      throw Problem.of(
          400, "no-level", "the body must be one of OFF, ERROR, WARN, INFO, DEBUG, TRACE");
    }
    logger.setLevel(level);
    Audit.did("token", ctx.ip())
        .addKeyValue("logger", logger.getName())
        .addKeyValue("level", level)
        .log("log level changed");
    show(ctx, logger);
  }

  private static void show(Context ctx, Logger logger) {
    Requests.answer(
        ctx, Map.of("logger", logger.getName(), "level", logger.getEffectiveLevel().toString()));
  }

  private boolean mayUse(@Nullable String header) {
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

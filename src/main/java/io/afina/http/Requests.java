package io.afina.http;

import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Reads requests and writes answers, all in one way. */
public final class Requests {

  private static final String JSON = "application/json";

  private Requests() {}

  /**
   * The body as a record.
   *
   * @throws Problem 415 or 413
   * @throws MalformedRecordException which {@link ProblemHandler} answers with 400
   */
  public static <T> T json(Context ctx, int limit, Class<T> type) {
    if (!JSON.equals(type(ctx))) {
      throw Problem.of(415, "wrong-content-type", "the content type must be " + JSON);
    }
    return Json.read(body(ctx, limit), type);
  }

  /**
   * The body, counted while it is read: what its header says of its length is not believed.
   *
   * @throws Problem 413 when it is longer than the limit
   */
  public static byte[] body(Context ctx, int limit) {
    try {
      if (ctx.req().getContentLengthLong() > limit) {
        throw tooLarge(limit);
      }
      byte[] body = ctx.bodyInputStream().readNBytes(limit + 1);
      if (body.length > limit) {
        throw tooLarge(limit);
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content type without parameters, or nothing. */
  public static String type(Context ctx) {
    String type = ctx.contentType();
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /**
   * A whole number of the query or the path.
   *
   * @throws Problem 400 when it is none or out of bounds
   */
  public static long number(String name, String text, long from, long to) {
    try {
      long number = Long.parseLong(text);
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the problem.
    }
    throw Problem.of(
        400, "bad-parameter", "%s must be a number from %d to %d".formatted(name, from, to));
  }

  /** Answers with JSON that no cache keeps. */
  public static void answer(Context ctx, Object value) {
    ctx.header("Cache-Control", "no-store").contentType(JSON).result(Json.write(value));
  }

  private static Problem tooLarge(int limit) {
    return Problem.of(413, "too-large", "the body has more than %,d bytes".formatted(limit));
  }
}

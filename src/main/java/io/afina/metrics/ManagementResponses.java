package io.afina.metrics;

import com.sun.net.httpserver.HttpExchange;
import io.afina.event.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the management port writes its answers. */
final class ManagementResponses {

  /** What is read of a body that nobody wants, so that the connection can be kept. */
  private static final int MOST_READ = 10_000;

  private ManagementResponses() {}

  static void json(HttpExchange exchange, int status, byte[] body) throws IOException {
    write(exchange, status, "application/json", body);
  }

  /** A problem document (RFC 9457). */
  static void problem(HttpExchange exchange, int status, String type, String detail)
      throws IOException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "urn:afina:problem:" + type);
    body.put("status", status);
    body.put("detail", detail);
    write(exchange, status, "application/problem+json", Json.write(body));
  }

  private static void write(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getRequestBody().readNBytes(MOST_READ);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}

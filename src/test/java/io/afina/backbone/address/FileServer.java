package io.afina.backbone.address;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.afina.event.Sha256;
import io.afina.lifecycle.Worker;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Serves files of the memory by HTTP, with ranges and tags, and fails when it is told to. */
final class FileServer implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Worker.pool("file-server", 8);
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
  private final Map<String, Deque<Handler>> faults = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What was asked for. */
  record Request(String path, @Nullable String range, @Nullable String token) {}

  /** Answers a request. */
  @FunctionalInterface
  interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  FileServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:%d".formatted(server.getAddress().getPort());
  }

  FileServer put(String path, byte[] file) {
    files.put(path, file);
    return this;
  }

  /** Answers every request for a path so. */
  FileServer on(String path, Handler handler) {
    handlers.put(path, handler);
    return this;
  }

  /** Answers the next request for a path so; several take turns. */
  FileServer once(String path, Handler fault) {
    faults.computeIfAbsent(path, key -> new ConcurrentLinkedDeque<>()).add(fault);
    return this;
  }

  List<Request> requests(String path) {
    return requests.stream().filter(request -> request.path.equals(path)).toList();
  }

  List<Request> requests() {
    return requests;
  }

  static Handler status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  static Handler redirect(String to) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", to);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  /** Sends so many bytes of what was asked for, and breaks off. */
  Handler breakingOffAfter(int bytes) {
    return exchange -> send(exchange, bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      requests.add(
          new Request(
              path,
              exchange.getRequestHeaders().getFirst("Range"),
              exchange.getRequestHeaders().getFirst("Authorization")));
      Handler fault = faults.getOrDefault(path, new ConcurrentLinkedDeque<>()).poll();
      if (fault != null) {
        fault.answer(exchange);
      } else if (handlers.containsKey(path)) {
        handlers.get(path).answer(exchange);
      } else if (files.containsKey(path)) {
        send(exchange, Integer.MAX_VALUE);
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private void send(HttpExchange exchange, int most) throws IOException {
    byte[] file = Objects.requireNonNull(files.get(exchange.getRequestURI().getPath()));
    String tag = "\"tag-%s\"".formatted(Sha256.hex(file).substring(0, 8));
    exchange.getResponseHeaders().set("ETag", tag);
    String range = exchange.getRequestHeaders().getFirst("Range");
    boolean rest = range != null && tag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
    int from = rest ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
    if (from >= file.length && rest) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (rest) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, file.length - 1, file.length));
    }
    exchange.sendResponseHeaders(rest ? 206 : 200, file.length - from);
    OutputStream body = exchange.getResponseBody();
    body.write(file, from, Math.min(most, file.length - from));
    body.flush();
  }
}

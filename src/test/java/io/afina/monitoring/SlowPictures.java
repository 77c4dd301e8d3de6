package io.afina.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.afina.lifecycle.Closer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A source that gives a picture after a while. Whoever fetches one at a time is as slow as it is,
 * whatever else the machine does.
 */
final class SlowPictures implements AutoCloseable {

  private static final int THREADS = 8;

  private final Closer closer = new Closer();
  private final ScheduledExecutorService later;
  private final HttpServer server;
  private final byte[] picture;
  private final Duration after;

  SlowPictures(byte[] picture, Duration after) {
    this.picture = picture;
    this.after = after;
    later = Executors.newScheduledThreadPool(THREADS);
    closer.own(later::shutdownNow);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    closer.own(() -> server.stop(0));
    server.createContext("/", this::ask);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
  }

  @Override
  public void close() {
    closer.close();
  }

  private void ask(HttpExchange exchange) {
    var unused = later.schedule(() -> answer(exchange), after.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void answer(HttpExchange exchange) {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "image/png");
      exchange.sendResponseHeaders(200, picture.length);
      exchange.getResponseBody().write(picture);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

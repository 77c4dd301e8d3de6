package io.afina.source;

import io.afina.lifecycle.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers HTTP requests as no honest server would, and counts who comes. */
final class RawServer implements AutoCloseable {

  private static final int THREADS = 16;

  private final ServerSocket socket;
  private final ExecutorService threads = Worker.pool("raw-server", THREADS);
  private final AtomicInteger connections = new AtomicInteger();
  private final Answer answer;

  /** Writes an answer, byte by byte if it likes; the connection is closed after it. */
  @FunctionalInterface
  interface Answer {

    /**
     * Answers.
     *
     * @param path that was asked for
     * @param turn how many connections there were, with this one
     */
    void to(String path, int turn, OutputStream out) throws IOException;
  }

  RawServer(Answer answer) {
    this.answer = answer;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Its address, with a slash at the end. */
  String address() {
    return "http://127.0.0.1:%d/".formatted(port());
  }

  int port() {
    return socket.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }

  static void ok(OutputStream out, byte[] body) throws IOException {
    ok(out, body.length, body);
  }

  /** Announces a length, whatever the length is. */
  static void ok(OutputStream out, long announced, byte[] body) throws IOException {
    head(out, "200 OK", "Content-Length: " + announced, "Connection: close");
    out.write(body);
  }

  static void head(OutputStream out, String status, String... headers) throws IOException {
    text(out, "HTTP/1.1 %s\r\n%s\r\n\r\n".formatted(status, String.join("\r\n", headers)));
  }

  static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  static void pause(long millis) {
    try {
      if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody counts down");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        int turn = connections.incrementAndGet();
        threads.execute(() -> answer(connection, turn));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket connection, int turn) {
    try (connection) {
      BufferedReader request =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      String first = String.valueOf(request.readLine());
      for (String line = request.readLine(); line != null && !line.isEmpty(); ) {
        line = request.readLine();
      }
      answer.to(first.split(" ", 3)[1], turn, connection.getOutputStream());
    } catch (IOException | IllegalStateException e) {
      // Whoever asked has gone, which is what some tests are about.
    }
  }
}

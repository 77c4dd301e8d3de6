package io.afina.chaos.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A network that can be bad: passes TCP connections on to a port of the loopback address, late, or
 * not at all.
 */
public final class Proxy implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  private final int target;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean cut;

  /** Listens on a port that is free. */
  public Proxy(int target) {
    this.target = target;
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "proxy-to-" + target);
              thread.setDaemon(true);
              return thread;
            });
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Passes everything on so much later from now on, in both directions. */
  public void delay(Duration by) {
    delay = by;
  }

  /** Ends all connections and accepts no others. */
  public void cut() {
    cut = true;
    sockets.forEach(Proxy::close);
  }

  /** Is a good network again. */
  public void heal() {
    cut = false;
    delay = Duration.ZERO;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      cut();
      threads.shutdownNow();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (cut) {
          client.close();
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // Closed, or a client that went away while it came.
      }
    }
  }

  private void connect(Socket client) {
    Socket there = new Socket();
    try {
      there.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      for (Socket socket : new Socket[] {client, there}) {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
      }
      threads.execute(() -> pass(client, there));
      threads.execute(() -> pass(there, client));
    } catch (IOException e) {
      close(client);
      close(there);
    }
    if (cut) {
      close(client);
      close(there);
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // Cut, or one of the two has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.afina.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP server: Javalin on Jetty with limits on what it reads, a few daemon threads, and a
 * problem document for every refusal.
 */
public final class HttpServer implements AutoCloseable {

  private static final int FEWEST_THREADS = 2;
  private static final int THREAD_IDLE_MILLIS = 60_000;
  private static final int MOST_HEADER_BYTES = 16_384;

  private final Javalin javalin;
  private final Listener listener;

  /**
   * Where a server listens.
   *
   * @param name of its threads
   * @param firstPort 0 for any that is free
   * @param lastPort the first free one from {@code firstPort} to this is taken
   * @param threads the most that answer at a time, and one for all connections
   */
  public record Listener(String name, String host, int firstPort, int lastPort, int threads) {

    private ServerSocketChannel bind() throws IOException {
      for (int port = firstPort; ; port++) {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
          return channel.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
          channel.close();
          if (port >= lastPort || !(e instanceof BindException)) {
            throw e;
          }
        }
      }
    }
  }

  /**
   * Starts it.
   *
   * @param connections how a connection begins: see {@link Tls}
   * @param routes adds the routes, and whatever differs from the defaults
   * @throws IOException when no port is free or there is no such host
   */
  public HttpServer(
      Listener listener,
      Function<HttpConfiguration, ConnectionFactory[]> connections,
      Consumer<JavalinConfig> routes)
      throws IOException {
    this.listener = listener;
    ServerSocketChannel channel = listener.bind();
    try {
      javalin = Javalin.create(config -> configure(config, channel, connections, routes)).start();
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Where it listens, for a client. */
  public URI address() {
    String host = listener.host();
    ServerConnector connector = (ServerConnector) javalin.jettyServer().server().getConnectors()[0];
    return URI.create(
        "%s://%s:%d"
            .formatted(
                connector.getConnectionFactory(SslConnectionFactory.class) == null
                    ? "http"
                    : "https",
                host.contains(":") ? "[" + host + "]" : host,
                connector.getLocalPort()));
  }

  @Override
  public void close() {
    javalin.stop();
  }

  private void configure(
      JavalinConfig config,
      ServerSocketChannel channel,
      Function<HttpConfiguration, ConnectionFactory[]> connections,
      Consumer<JavalinConfig> routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.router.ignoreTrailingSlashes = false;
    QueuedThreadPool threads =
        new QueuedThreadPool(listener.threads(), FEWEST_THREADS, THREAD_IDLE_MILLIS);
    threads.setName(listener.name());
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.modifyServer(server -> server.setErrorHandler(ProblemHandler.jetty()));
    config.jetty.modifyHttpConfiguration(http -> http.setRequestHeaderSize(MOST_HEADER_BYTES));
    config.jetty.addConnector(
        (server, http) -> connector(server, channel, connections.apply(http)));
    ProblemHandler.handle(config.routes);
    routes.accept(config);
  }

  /** One that is bound already, and accepts connections on the thread that selects among them. */
  private static ServerConnector connector(
      Server server, ServerSocketChannel channel, ConnectionFactory... connections) {
    ServerConnector connector = new ServerConnector(server, null, null, null, 0, 1, connections);
    try {
      connector.open(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return connector;
  }
}

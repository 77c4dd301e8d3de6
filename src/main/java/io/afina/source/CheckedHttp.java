package io.afina.source;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;

/**
 * Asks by HTTP, one request at a time and nothing by itself: it follows no redirect, tries nothing
 * again, sends no credentials, keeps no cookies, and connects to {@link CheckedAddresses} only.
 * Safe for any thread.
 */
public final class CheckedHttp implements AutoCloseable {

  private static final int MOST_HEADERS = 100;
  private static final int LONGEST_LINE = 8_192;

  private final CloseableHttpClient client;

  /**
   * Reads an answer.
   *
   * @param <T> what is read
   * @param <E> why it is no good
   */
  @FunctionalInterface
  public interface Reader<T, E extends Exception> {

    /** Reads; what it leaves unread is thrown away. */
    T read(ClassicHttpResponse answer) throws IOException, E;
  }

  CheckedHttp(int connections, Duration patience, Duration silence, CheckedAddresses names) {
    client =
        HttpClients.custom()
            .setConnectionManager(connections(connections, Timeout.of(silence), names))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(Timeout.of(patience))
                    .setResponseTimeout(Timeout.of(silence))
                    .build())
            .setUserAgent("afina")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();
  }

  /**
   * For addresses that the operator wrote: private ones may be connected to, those where clouds
   * have their metadata may not.
   *
   * @param silence after which an answer counts as broken off
   */
  public static CheckedHttp forOperator(Duration silence) {
    return new CheckedHttp(
        1, silence, silence, new CheckedAddresses(SystemDefaultDnsResolver.INSTANCE, true));
  }

  private static PoolingHttpClientConnectionManager connections(
      int most, Timeout silence, DnsResolver names) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setMaxConnTotal(most)
        .setMaxConnPerRoute(most)
        .setDnsResolver(names)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom().setConnectTimeout(silence).setSocketTimeout(silence).build())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxHeaderCount(MOST_HEADERS)
                        .setMaxLineLength(LONGEST_LINE)
                        .build())
                .build())
        .build();
  }

  /**
   * Sends a GET request and has its answer read, whatever its status. It is cut off at the
   * deadline, whatever it is waiting for.
   *
   * @throws IOException when there is no answer, or it breaks off
   * @throws E of the reader
   */
  public <T, E extends Exception> T get(
      URI uri, Map<String, String> headers, Deadline deadline, Reader<T, E> reader)
      throws IOException, E {
    HttpGet request = new HttpGet(uri);
    request.setHeader("Accept-Encoding", "identity");
    headers.forEach(request::setHeader);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    var unused =
        ended
            .orTimeout(deadline.left().toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (nothing, late) -> {
                  if (late != null) {
                    request.cancel();
                  }
                });
    ClassicHttpResponse answer = null;
    try {
      answer = client.executeOpen(host(uri), request, HttpClientContext.create());
      return reader.read(answer);
    } finally {
      ended.complete(null);
      // Else closing a response that has not ended would read it to its end, and there may be none.
      // One that was read to its end has given its connection back already.
      request.cancel();
      Closer.closeQuietly(answer);
    }
  }

  /** Where an answer says that the thing is instead. */
  public static Optional<String> redirect(ClassicHttpResponse answer) {
    int status = answer.getCode();
    boolean redirects =
        status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    Header location = answer.getFirstHeader("Location");
    return redirects && location != null ? Optional.of(location.getValue()) : Optional.empty();
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  private static HttpHost host(URI uri) {
    // HttpClient puts the brackets of IPv6 back where they belong.
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    return new HttpHost(uri.getScheme(), host, uri.getPort());
  }
}

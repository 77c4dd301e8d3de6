package io.afina.source;

import io.afina.config.PicturesConfig;
import io.afina.event.DeadLetter.Reason;
import io.afina.source.CheckedAddresses.ForbiddenAddressException;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
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
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Fetches by HTTP. It follows redirects itself, each only to where it is allowed; it sends no
 * credentials and keeps no cookies. An attempt that is still under way at the deadline is cut off,
 * whatever it is waiting for.
 */
final class HttpSource implements Source {

  private static final int REDIRECTS = 5;
  private static final int OK = 200;
  private static final int MOST_HEADERS = 100;
  private static final int LONGEST_LINE = 8_192;

  /** So many silences fit into the time of a fetch, so that there is time for another attempt. */
  private static final int SILENCES = 3;

  private final AllowedSources allowed;
  private final BoundedBody body;
  private final CloseableHttpClient client;

  HttpSource(AllowedSources allowed, PicturesConfig config, DnsResolver names) {
    this.allowed = allowed;
    this.body = new BoundedBody(config.maxBytes());
    Timeout total = Timeout.of(config.fetchTime());
    Timeout silence = Timeout.of(config.fetchTime().dividedBy(SILENCES));
    client =
        HttpClients.custom()
            .setConnectionManager(
                connections(
                    config.fetches(),
                    silence,
                    new CheckedAddresses(names, config.privateSources())))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(total)
                    .setResponseTimeout(silence)
                    .build())
            .setUserAgent("afina")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();
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

  @Override
  public byte[] fetch(SourceUri uri, Deadline deadline) throws FetchException {
    SourceUri at = uri;
    for (int hop = 0; hop <= REDIRECTS; hop++) {
      Answer answer = ask(at, deadline);
      if (answer.picture != null) {
        return answer.picture;
      }
      at = redirected(at, answer.location);
    }
    throw FetchException.lasting(
        Reason.UNREACHABLE, "it is redirected more than %d times".formatted(REDIRECTS));
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  private SourceUri redirected(SourceUri from, String location) throws FetchException {
    try {
      SourceUri to = SourceUri.parse(URI.create(from.text()).resolve(location).toString());
      if (to.scheme().isHttp()) {
        allowed.require(to);
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw FetchException.lasting(
          Reason.FORBIDDEN, "it is redirected to what %s".formatted(e.getMessage()));
    }
    throw FetchException.lasting(Reason.FORBIDDEN, "it is redirected to what is no https or http");
  }

  private Answer ask(SourceUri uri, Deadline deadline) throws FetchException {
    HttpGet request = new HttpGet(URI.create(uri.text()));
    request.setHeader("Accept-Encoding", "identity");
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
    ClassicHttpResponse response = null;
    try {
      response = client.executeOpen(host(uri), request, HttpClientContext.create());
      return answer(response, deadline);
    } catch (ForbiddenAddressException e) {
      throw FetchException.lasting(Reason.FORBIDDEN, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      throw FetchException.passing(
          deadline.isPast() ? "the source does not answer in time" : Source.why("no answer", e), e);
    } finally {
      ended.complete(null);
      // Else closing a response that has not ended would read it to its end, and there may be none.
      // One that was read to its end has given its connection back already.
      request.cancel();
      Closer.closeQuietly(response);
    }
  }

  private Answer answer(ClassicHttpResponse response, Deadline deadline)
      throws FetchException, IOException {
    int status = response.getCode();
    Header location = response.getFirstHeader("Location");
    if (isRedirect(status) && location != null) {
      return new Answer(null, String.valueOf(location.getValue()));
    }
    HttpEntity entity = response.getEntity();
    if (status != OK || entity == null) {
      throw FetchException.status(status);
    }
    return new Answer(body.read(entity.getContent(), entity.getContentLength(), deadline), "");
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static HttpHost host(SourceUri uri) {
    URI plain = URI.create(uri.text());
    // HttpClient puts the brackets of IPv6 back where they belong.
    String host = plain.getHost().replaceAll("[\\[\\]]", "");
    return new HttpHost(plain.getScheme(), host, plain.getPort());
  }

  /** A picture, or where it is instead. */
  private record Answer(byte @Nullable [] picture, String location) {}
}

package io.afina.source;

import io.afina.config.PicturesConfig;
import io.afina.event.DeadLetter.Reason;
import io.afina.source.CheckedAddresses.ForbiddenAddressException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * Fetches by HTTP. It follows redirects itself, each only to where it is allowed. An attempt that
 * is still under way at the deadline is cut off.
 */
final class HttpSource implements Source {

  private static final int REDIRECTS = 5;
  private static final int OK = 200;

  /** So many silences fit into the time of a fetch, so that there is time for another attempt. */
  private static final int SILENCES = 3;

  private final AllowedSources allowed;
  private final BoundedBody body;
  private final CheckedHttp http;

  HttpSource(AllowedSources allowed, PicturesConfig config, DnsResolver names) {
    this.allowed = allowed;
    this.body = new BoundedBody(config.maxBytes());
    http =
        new CheckedHttp(
            config.fetches(),
            config.fetchTime(),
            config.fetchTime().dividedBy(SILENCES),
            new CheckedAddresses(names, config.privateSources()));
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
    http.close();
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
    try {
      return http.get(
          URI.create(uri.text()), Map.of(), deadline, response -> answer(response, deadline));
    } catch (ForbiddenAddressException e) {
      throw FetchException.lasting(Reason.FORBIDDEN, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      throw FetchException.passing(
          deadline.isPast() ? "the source does not answer in time" : Source.why("no answer", e), e);
    }
  }

  private Answer answer(ClassicHttpResponse response, Deadline deadline)
      throws FetchException, IOException {
    Optional<String> location = CheckedHttp.redirect(response);
    if (location.isPresent()) {
      return new Answer(null, location.get());
    }
    HttpEntity entity = response.getEntity();
    if (response.getCode() != OK || entity == null) {
      throw FetchException.status(response.getCode());
    }
    return new Answer(body.read(entity.getContent(), entity.getContentLength(), deadline), "");
  }

  /** A picture, or where it is instead. */
  private record Answer(byte @Nullable [] picture, String location) {}
}

package io.afina.backbone.address;

import io.afina.backbone.address.RemoteException.Kind;
import io.afina.source.CheckedHttp;
import io.afina.source.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * Asks for files of the network. It follows redirects, but not from https to http; sends the token
 * to the hub and to nobody else; and asks again for as long as that may help.
 */
final class RemoteFiles implements AutoCloseable {

  private static final int REDIRECTS = 8;
  private static final int ATTEMPTS = 4;
  private static final int OK = 200;
  private static final int PART = 206;
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);
  private static final int SILENCES = 3;

  private final FetchSettings settings;
  private final Deadline deadline;
  private final CheckedHttp http;

  RemoteFiles(FetchSettings settings, Deadline deadline) {
    this.settings = settings;
    this.deadline = deadline;
    Duration third = settings.time().dividedBy(SILENCES);
    http = CheckedHttp.forOperator(third.compareTo(LONGEST_SILENCE) < 0 ? third : LONGEST_SILENCE);
  }

  /**
   * The answer that has the file, or says where it is instead.
   *
   * @param hubTag the hub's word for what is in the file, as it sent it, if it did
   */
  record Answer(ClassicHttpResponse response, String host, @Nullable String hubTag) {

    Optional<String> header(String name) {
      return RemoteFiles.header(response, name);
    }

    /** Whether it is the rest of a file, and not the whole. */
    boolean isRest() {
      return response.getCode() == PART;
    }

    /** Bytes that are announced, or less than 0. */
    long length() {
      return response.getEntity() == null ? 0 : response.getEntity().getContentLength();
    }

    InputStream body() throws IOException {
      return response.getEntity() == null
          ? InputStream.nullInputStream()
          : response.getEntity().getContent();
    }
  }

  /** Reads the answer that has the file. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Answer answer) throws IOException, RemoteException;
  }

  /** What may be tried again. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws RemoteException;
  }

  /** Asks once. */
  <T> T ask(URI uri, Map<String, String> headers, Reader<T> reader) throws RemoteException {
    URI at = uri;
    String tag = null;
    for (int hop = 0; hop <= REDIRECTS; hop++) {
      Step<T> step = step(at, headers, tag, reader);
      if (step.next == null) {
        return Objects.requireNonNull(step.read);
      }
      tag = step.hubTag;
      at = redirected(at, step.next, settings.allowHttp());
    }
    throw new RemoteException(
        Kind.WRONG, "%s redirects more than %d times".formatted(uri.getHost(), REDIRECTS));
  }

  /**
   * Tries again while that may help.
   *
   * @param progress how far it is; what got further has all its attempts again
   */
  <T> T persistently(Attempt<T> attempt, LongSupplier progress) throws RemoteException {
    Duration pause = settings.firstPause();
    long before = progress.getAsLong();
    for (int tries = 1; ; tries++) {
      try {
        return attempt.run();
      } catch (RemoteException e) {
        long now = progress.getAsLong();
        if (now > before) {
          before = now;
          tries = 0;
          pause = settings.firstPause();
        }
        if (e.kind() != Kind.PASSING || tries >= ATTEMPTS || deadline.left().compareTo(pause) < 0) {
          throw e;
        }
        pause(pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  /** A small file, whole; empty when there is none, or none for us. */
  Optional<byte[]> small(URI uri, int maxBytes) throws RemoteException {
    try {
      return Optional.of(persistently(() -> ask(uri, Map.of(), all(maxBytes)), () -> 0));
    } catch (RemoteException e) {
      if (e.kind() == Kind.ABSENT || e.kind() == Kind.REFUSED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Reads the whole of a small file. */
  static Reader<byte[]> all(int maxBytes) {
    return answer -> {
      byte[] read = answer.body().readNBytes(maxBytes + 1);
      if (read.length > maxBytes) {
        throw new RemoteException(
            Kind.WRONG,
            "%s sends more than the %,d bytes that a card or a list of files may have"
                .formatted(answer.host(), maxBytes));
      }
      return read;
    };
  }

  @Override
  public void close() {
    http.close();
  }

  private <T> Step<T> step(
      URI at, Map<String, String> headers, @Nullable String tag, Reader<T> reader)
      throws RemoteException {
    try {
      return http.get(
          at,
          headers(at, headers),
          deadline,
          response -> {
            String seen = tag == null ? hubTag(at, response) : tag;
            Optional<String> next = CheckedHttp.redirect(response);
            if (next.isPresent()) {
              return new Step<T>(next.get(), seen, null);
            }
            if (response.getCode() != OK && response.getCode() != PART) {
              throw RemoteException.status(at.getHost(), response.getCode());
            }
            return new Step<>(null, seen, reader.read(new Answer(response, at.getHost(), seen)));
          });
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      throw new RemoteException(Kind.PASSING, unreachable(at.getHost(), e), e);
    }
  }

  private String unreachable(String host, Exception e) {
    if (deadline.isPast()) {
      return "%s does not end within backbone.fetchTime, %s,".formatted(host, settings.time());
    }
    boolean nowhere =
        e instanceof UnknownHostException
            || e instanceof ConnectException
            || e instanceof NoRouteToHostException;
    return "%s %s (%s)"
        .formatted(nowhere ? "cannot reach" : "the connection breaks off to", host, e.getMessage());
  }

  private Map<String, String> headers(URI at, Map<String, String> headers) {
    Origin origin = Origin.of(at);
    if (settings.token() == null
        || !origin.equals(Origin.of(settings.hub()))
        || !(origin.isEncrypted() || origin.isHere())) {
      return headers;
    }
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", "Bearer " + settings.token());
    return all;
  }

  private @Nullable String hubTag(URI at, ClassicHttpResponse response) {
    return Origin.of(at).equals(Origin.of(settings.hub()))
        ? header(response, "X-Linked-ETag").or(() -> header(response, "ETag")).orElse(null)
        : null;
  }

  /** Where a redirect leads, if that is no worse a way than the one so far. */
  static URI redirected(URI from, String location, boolean allowHttp) throws RemoteException {
    try {
      URI to = from.resolve(location);
      Origin origin = Origin.of(to);
      boolean downgraded = Origin.of(from).isEncrypted() && !origin.isEncrypted();
      if (to.getHost() != null
          && to.getRawUserInfo() == null
          && !downgraded
          && origin.isSafe(allowHttp)) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw new RemoteException(
          Kind.WRONG, "%s redirects to what is no address".formatted(from.getHost()), e);
    }
    throw new RemoteException(
        Kind.WRONG,
        "%s redirects to where what comes could be changed on its way".formatted(from.getHost()));
  }

  private static Optional<String> header(ClassicHttpResponse response, String name) {
    return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
  }

  private static void pause(Duration wait) {
    try {
      TimeUnit.MILLISECONDS.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a backbone was fetched", e);
    }
  }

  /** One answer: what was read of it, or where to ask next. */
  private record Step<T>(@Nullable String next, @Nullable String hubTag, @Nullable T read) {}
}

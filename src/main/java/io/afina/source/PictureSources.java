package io.afina.source;

import io.afina.config.PicturesConfig;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Closer;
import io.afina.metrics.FetchMeters;
import io.afina.source.SourceUri.Scheme;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads the picture of an image event, which carries it or says where it is. The one door through
 * which pictures come that are not on {@code images}: nothing is fetched that {@code
 * pictures.sources} does not allow. Safe for any thread; a thread waits for its picture, {@code
 * pictures.fetchTime} at most.
 */
public final class PictureSources implements PictureOrigin, AutoCloseable {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Closer closer = new Closer();
  private final AllowedSources allowed;
  private final Duration time;
  private final Map<Scheme, Source> sources = new EnumMap<>(Scheme.class);
  private final FetchMeters meters;

  /**
   * Opens the sources that the configuration allows; connects to none yet.
   *
   * @throws io.afina.config.InvalidConfigException when one of them is no address
   */
  public PictureSources(PicturesConfig config, MeterRegistry registry) {
    this(config, registry, SystemDefaultDnsResolver.INSTANCE);
  }

  PictureSources(PicturesConfig config, MeterRegistry registry, DnsResolver names) {
    allowed = AllowedSources.of(config.sources());
    time = config.fetchTime();
    meters = new FetchMeters(registry);
    try {
      open(config, names);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private void open(PicturesConfig config, DnsResolver names) {
    if (allowed.of(Scheme.FILE).findAny().isPresent()) {
      sources.put(Scheme.FILE, new FileSource(allowed, new BoundedBody(config.maxBytes())));
    }
    if (allowed.prefixes().stream().anyMatch(prefix -> prefix.scheme().isHttp())) {
      Source http = closer.own(new HttpSource(allowed, config, names));
      sources.put(Scheme.HTTP, http);
      sources.put(Scheme.HTTPS, http);
    }
    if (allowed.of(Scheme.S3).findAny().isPresent()) {
      sources.put(Scheme.S3, closer.own(new S3Source(config)));
    }
  }

  /**
   * Reads the picture of an image event; fetches it if the event is a reference.
   *
   * @param value of the record
   * @param headers of the record
   * @throws UnusableRecordException when it has none, may not be fetched, cannot be fetched in
   *     time, or is not the one that is meant
   */
  @Override
  public EncodedPicture read(byte @Nullable [] value, Headers headers)
      throws UnusableRecordException {
    Optional<PictureReference> reference = PictureReference.of(value, headers);
    if (reference.isPresent()) {
      return new EncodedPicture(fetch(reference.get()), reference.get().contentType());
    }
    return PictureOrigin.inRecord(value, headers);
  }

  @Override
  public boolean isElsewhere(byte @Nullable [] value, Headers headers) {
    return PictureReference.isIn(value, headers);
  }

  /** With the reference of an event that is one, so that it is found once the event is gone. */
  @Override
  public ImagePlace place(int partition, long offset, byte @Nullable [] value, Headers headers) {
    ImagePlace event = new ImagePlace(partition, offset);
    try {
      return PictureReference.of(value, headers)
          .filter(reference -> reference.uri().query() == null)
          .map(reference -> event.at(reference.uri().text(), reference.sha256()))
          .orElse(event);
    } catch (UnusableRecordException e) {
      return event;
    }
  }

  /**
   * Fetches the picture that an image event referred to.
   *
   * @param place with an address
   * @throws UnusableRecordException when it may not be fetched, cannot be fetched in time, or is
   *     not the one that was meant
   */
  public byte[] fetch(ImagePlace place) throws UnusableRecordException {
    String uri = Objects.requireNonNull(place.uri());
    return fetch(new PictureReference(PictureReference.parse(uri), place.sha256(), null));
  }

  /** How long reading a picture may take when it is fetched. */
  public Duration fetchTime() {
    return time;
  }

  @Override
  public void close() {
    closer.close();
  }

  private byte[] fetch(PictureReference reference) throws UnusableRecordException {
    String scheme = reference.uri().scheme().text();
    long start = System.nanoTime();
    String outcome = "fetched";
    try {
      allowed.require(reference.uri());
      byte[] picture = attempts(reference.uri());
      require(picture, reference);
      return picture;
    } catch (FetchException e) {
      outcome = e.reason().text();
      throw new UnusableRecordException(Stage.FETCH, e.reason(), e.why(), e);
    } finally {
      meters.ended(scheme, outcome, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private byte[] attempts(SourceUri uri) throws FetchException {
    Source source = Objects.requireNonNull(sources.get(uri.scheme()));
    Deadline deadline = Deadline.in(time);
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return source.fetch(uri, deadline);
      } catch (FetchException e) {
        Duration wait = between(pause.dividedBy(2), pause);
        if (!e.isPassing()) {
          throw e;
        }
        if (deadline.left().compareTo(wait) <= 0) {
          throw FetchException.passing(
              "%s was tried %d times in %s: %s".formatted(uri, attempt, time, e.why()), e);
        }
        meters.again(uri.scheme().text());
        pause(wait);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      }
    }
  }

  private static void require(byte[] picture, PictureReference reference) throws FetchException {
    if (picture.length == 0) {
      throw FetchException.lasting(Reason.EMPTY, "%s is empty".formatted(reference.uri()));
    }
    if (!reference.isOf(picture)) {
      throw FetchException.lasting(
          Reason.HASH_MISMATCH,
          "what is at %s now is not what the header sha256 says".formatted(reference.uri()));
    }
  }

  /** By chance, so that those who failed together do not come back together. */
  private static Duration between(Duration least, Duration most) {
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextLong(least.toMillis(), most.toMillis() + 1));
  }

  private static void pause(Duration wait) {
    try {
      TimeUnit.MILLISECONDS.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a picture was fetched", e);
    }
  }
}

package io.afina.labelling.feed;

import io.afina.event.RecordId;
import io.afina.event.UnusableRecordException;
import io.afina.http.Problem;
import io.afina.kafka.RecordReader;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.Worker;
import io.afina.source.PictureSources;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads pictures from where they are on {@code images}, or from where those records say that they
 * are, and keeps the last ones. A picture that is asked for twice at once is read once.
 */
public final class PictureSource implements AutoCloseable {

  private static final int READERS = 3;
  private static final Duration FETCH = Duration.ofSeconds(5);

  private final Closer closer = new Closer();
  private final PictureSources sources;
  private final PictureCache cache;
  private final BlockingQueue<RecordReader> consumers = new ArrayBlockingQueue<>(READERS);
  private final ExecutorService readers = Worker.pool("afina-label-pictures", READERS);
  private final Map<RecordId, CompletableFuture<Optional<byte[]>>> underWay =
      new ConcurrentHashMap<>();

  /**
   * A source with a cache.
   *
   * @param topic that has them
   * @param consumer makes consumers that fail on offsets that are gone; they are owned here
   * @param sources fetch pictures that are not on the topic; owned here
   */
  public PictureSource(
      String topic,
      Supplier<? extends Consumer<byte[], byte[]>> consumer,
      PictureSources sources,
      long cacheBytes) {
    this.sources = closer.own(sources);
    cache = new PictureCache(cacheBytes);
    for (int i = 0; i < READERS; i++) {
      consumers.add(closer.own(new RecordReader(consumer.get(), topic)));
    }
    closer.own(this::stopReaders);
  }

  /**
   * The picture at a place; empty when there is none any more, or never was.
   *
   * @throws Problem when Kafka, or where it is instead, does not give it in time, or it may not be
   *     fetched
   */
  public Optional<byte[]> read(RecordId place) {
    try {
      return prefetch(place).get(FETCH.plus(sources.fetchTime()).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw late();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Problem problem ? problem : late();
    } catch (TimeoutException e) {
      throw late();
    }
  }

  /** Begins to read a picture, so that it is there when it is asked for. */
  public CompletableFuture<Optional<byte[]>> prefetch(RecordId place) {
    Optional<byte[]> known = cache.get(place);
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known);
    }
    CompletableFuture<Optional<byte[]>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<byte[]>> theirs = underWay.putIfAbsent(place, mine);
    if (theirs != null) {
      return theirs;
    }
    readers.execute(() -> fetch(place, mine));
    return mine;
  }

  @Override
  public void close() {
    closer.close();
  }

  private void fetch(RecordId place, CompletableFuture<Optional<byte[]>> result) {
    try {
      Optional<byte[]> picture = record(place).flatMap(this::picture);
      picture.ifPresent(bytes -> cache.put(place, bytes));
      result.complete(picture);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      result.completeExceptionally(e);
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    } catch (Error e) {
      result.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(place, result);
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> record(RecordId place)
      throws InterruptedException {
    RecordReader reader = consumers.take();
    try {
      return reader.read(place, FETCH);
    } catch (org.apache.kafka.common.errors.TimeoutException e) {
      throw late();
    } finally {
      consumers.add(reader);
    }
  }

  /** Its own, or the one that it refers to; empty when that is not there any more. */
  private Optional<byte[]> picture(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(sources.read(record.value(), record.headers()).bytes());
    } catch (UnusableRecordException e) {
      return switch (e.reason()) {
        case EMPTY, NOT_FOUND, HASH_MISMATCH -> Optional.empty();
        case UNREACHABLE -> throw Problem.later(503, e.reason().text(), e.why(), 5);
        default -> throw Problem.of(422, e.reason().text(), e.why());
      };
    }
  }

  private void stopReaders() throws InterruptedException {
    readers.shutdownNow();
    readers.awaitTermination(FETCH.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Problem late() {
    return Problem.later(503, "kafka-late", "Kafka did not give the picture in time; try again", 2);
  }

  /** Keeps the pictures that were used last, within a number of bytes. Safe for any thread. */
  private static final class PictureCache {

    private static final float LOAD = 0.75f;

    private final long limit;
    private final Map<RecordId, byte[]> pictures = new LinkedHashMap<>(16, LOAD, true);
    private long size;

    PictureCache(long limit) {
      this.limit = limit;
    }

    synchronized Optional<byte[]> get(RecordId place) {
      return Optional.ofNullable(pictures.get(place));
    }

    synchronized void put(RecordId place, byte[] picture) {
      if (picture.length > limit || pictures.containsKey(place)) {
        return;
      }
      pictures.put(place, picture);
      size += picture.length;
      for (Iterator<byte[]> oldest = pictures.values().iterator(); size > limit; ) {
        size -= oldest.next().length;
        oldest.remove();
      }
    }
  }
}

package io.afina.classifier.ahead;

import io.afina.backbone.PictureEmbedder;
import io.afina.backbone.PictureEmbedder.Embedded;
import io.afina.config.AfinaConfig;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Worker;
import io.afina.source.PictureOrigin;
import io.afina.source.PictureOrigin.EncodedPicture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Computes the embeddings of records that were polled before Kafka Streams processes them: fetches
 * pictures that are elsewhere, and decodes and embeds them where the backbone takes several at
 * once. Its results are a cache that commits nothing: whoever processes a record takes the result
 * for its partition and offset and waits for it, and where there is none computes it itself.
 */
public final class AheadQueue implements AutoCloseable {

  private final String topic;
  private final PictureEmbedder embedder;
  private final PictureOrigin origin;
  private final long mostBytes;
  private final ExecutorService fetchers;
  private final ExecutorService decoders;

  /** In the order of their offsets, as Kafka Streams processes them. */
  private final Map<TopicPartition, Deque<AheadRecord>> ahead = new HashMap<>();

  private long bytes;
  private boolean closed;

  /** What a worker does for a record. */
  private record Step(AheadRecord record, Work work) implements Runnable {

    @Override
    public void run() {
      try {
        work.run();
      } catch (UnusableRecordException | RuntimeException e) {
        record.fail(e);
      } catch (Error e) {
        record.fail(e);
        throw e;
      }
    }
  }

  private interface Work {
    void run() throws UnusableRecordException;
  }

  /** A queue as a configuration wants it. */
  public static AheadQueue of(AfinaConfig config, PictureEmbedder embedder, PictureOrigin origin) {
    return new AheadQueue(
        config.topics().images().name(),
        embedder,
        origin,
        config.classifier().resolvedAheadBytes(),
        config.pictures().fetches());
  }

  /**
   * A queue whose workers start with the first record.
   *
   * @param topic of the images
   * @param origin where pictures are
   * @param mostBytes of records, and of pictures that were fetched for them, at most
   * @param fetches pictures that are fetched at once, at most
   */
  public AheadQueue(
      String topic, PictureEmbedder embedder, PictureOrigin origin, long mostBytes, int fetches) {
    this.topic = topic;
    this.embedder = embedder;
    this.origin = origin;
    this.mostBytes = mostBytes;
    this.fetchers = Worker.pool("afina-fetcher", Math.max(1, fetches));
    this.decoders = Worker.pool("afina-decoder", Runtime.getRuntime().availableProcessors());
  }

  /** Takes note of what a consumer polled, and has it done ahead where that pays. */
  synchronized void polled(ConsumerRecords<byte[], byte[]> polled) {
    for (ConsumerRecord<byte[], byte[]> record : polled.records(topic)) {
      boolean batched = embedder.batchSize() > 1;
      if (!closed && isWorthIt(record, batched)) {
        add(new TopicPartition(topic, record.partition()), new AheadRecord(record, batched));
      }
    }
  }

  private boolean isWorthIt(ConsumerRecord<byte[], byte[]> record, boolean batched) {
    return bytes + size(record.value()) <= mostBytes
        && (batched || origin.isElsewhere(record.value(), record.headers()));
  }

  /** A reference may be in the headers alone. */
  private static int size(byte @Nullable [] value) {
    return value == null ? 0 : value.length;
  }

  private void add(TopicPartition partition, AheadRecord record) {
    Deque<AheadRecord> waiting = ahead.get(partition);
    if (waiting != null && !waiting.isEmpty() && waiting.getLast().offset() >= record.offset()) {
      // What is polled again was taken away: its transaction was aborted.
      drop(partition);
    }
    ahead.computeIfAbsent(partition, p -> new ArrayDeque<>()).add(record);
    bytes += record.hold(size(record.value()));
    if (origin.isElsewhere(record.value(), record.headers())) {
      fetchers.execute(new Step(record, () -> fetch(record)));
    } else {
      decoders.execute(new Step(record, () -> begin(record)));
    }
  }

  /** What was polled of a partition is not going to be processed by who polled it. */
  public synchronized void drop(TopicPartition partition) {
    Deque<AheadRecord> dropped = ahead.remove(partition);
    if (dropped != null) {
      dropped.forEach(this::drop);
    }
  }

  /** The same, of the partition of the images that has this number. */
  public void drop(int partition) {
    drop(new TopicPartition(topic, partition));
  }

  private void drop(AheadRecord record) {
    record.begin();
    release(record);
  }

  private synchronized void release(AheadRecord record) {
    bytes -= record.release();
    notifyAll();
  }

  private synchronized void hold(AheadRecord record, long more) {
    bytes += record.hold(more);
  }

  /** Bytes of the records that are ahead, and of the pictures that were fetched for them. */
  synchronized long bytes() {
    return bytes;
  }

  /**
   * The embedding of a record that is processed now: the result that is ahead, or computed here.
   *
   * @param partition of the images
   * @throws UnusableRecordException when the picture or the engine is at fault
   * @throws IllegalStateException when a thread that it needs cannot go on
   */
  public Embedded embed(
      TopicPartition partition, long offset, byte @Nullable [] value, Headers headers)
      throws UnusableRecordException {
    AheadRecord record = take(partition, offset, value);
    if (record == null) {
      return embedHere(origin.read(value, headers));
    }
    try {
      if (record.begin()) {
        return embedHere(origin.read(value, headers));
      }
      return record.isBatched()
          ? PictureEmbedder.await(record.embedded())
          : embedHere(PictureEmbedder.await(record.encoded()));
    } finally {
      release(record);
    }
  }

  /** Where the picture of a record is that is processed now. */
  public ImagePlace place(int partition, long offset, byte @Nullable [] value, Headers headers) {
    return origin.place(partition, offset, value, headers);
  }

  private Embedded embedHere(EncodedPicture encoded) throws UnusableRecordException {
    return embedder.embed(encoded.bytes(), encoded.contentType());
  }

  /** Records before it were not processed, and are not going to be. */
  private synchronized @Nullable AheadRecord take(
      TopicPartition partition, long offset, byte @Nullable [] value) {
    Deque<AheadRecord> waiting = ahead.getOrDefault(partition, new ArrayDeque<>());
    while (!waiting.isEmpty() && waiting.getFirst().offset() <= offset) {
      AheadRecord first = waiting.removeFirst();
      if (first.offset() == offset && first.has(value)) {
        return first;
      }
      drop(first);
    }
    return null;
  }

  /** Whoever processes a record whose fetch waits for room does it itself: nothing stands still. */
  private void fetch(AheadRecord record) throws UnusableRecordException {
    awaitRoom();
    if (!record.begin()) {
      return;
    }
    EncodedPicture encoded = origin.read(record.value(), record.headers());
    hold(record, encoded.bytes().length);
    record.encoded().complete(encoded);
    if (record.isBatched()) {
      decoders.execute(new Step(record, () -> decode(record, encoded)));
    }
  }

  private synchronized void awaitRoom() {
    try {
      while (bytes >= mostBytes && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(AheadRecord record) throws UnusableRecordException {
    if (record.begin()) {
      decode(record, origin.read(record.value(), record.headers()));
    }
  }

  private void decode(AheadRecord record, EncodedPicture encoded) throws UnusableRecordException {
    var unused =
        embedder
            .submit(encoded.bytes(), encoded.contentType())
            .whenComplete(
                (embedded, thrown) -> {
                  if (thrown == null) {
                    record.embedded().complete(embedded);
                  } else {
                    record.embedded().completeExceptionally(thrown);
                  }
                });
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      List.copyOf(ahead.keySet()).forEach(this::drop);
      notifyAll();
    }
    IllegalStateException gone = new IllegalStateException("the classifier is closed");
    for (ExecutorService workers : List.of(fetchers, decoders)) {
      for (Runnable step : workers.shutdownNow()) {
        ((Step) step).record().fail(gone);
      }
    }
  }
}

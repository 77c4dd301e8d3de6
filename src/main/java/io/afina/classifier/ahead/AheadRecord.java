package io.afina.classifier.ahead;

import io.afina.backbone.PictureEmbedder.Embedded;
import io.afina.source.PictureOrigin.EncodedPicture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** A record that was polled, and how far it is ahead. */
final class AheadRecord {

  private final long offset;
  private final byte @Nullable [] value;
  private final Headers headers;
  private final boolean batched;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<EncodedPicture> encoded = new CompletableFuture<>();
  private final CompletableFuture<Embedded> embedded = new CompletableFuture<>();

  /** Bytes that are counted for it; the queue's own. */
  private long held;

  private boolean gone;

  /**
   * A record that was polled.
   *
   * @param batched whether it is embedded ahead, and not only fetched
   */
  AheadRecord(ConsumerRecord<byte[], byte[]> polled, boolean batched) {
    offset = polled.offset();
    value = polled.value();
    headers = polled.headers();
    this.batched = batched;
  }

  boolean isBatched() {
    return batched;
  }

  long offset() {
    return offset;
  }

  /** Whether a value is this record's: Kafka Streams hands on the very bytes that were polled. */
  @SuppressWarnings("ArrayEquals") // Identity: a record with the same offset may be another.
  boolean has(byte @Nullable [] other) {
    return value == other;
  }

  byte @Nullable [] value() {
    return value;
  }

  Headers headers() {
    return headers;
  }

  /** Whether the caller is the one that has to do it: true once. */
  boolean begin() {
    return begun.compareAndSet(false, true);
  }

  /** Counts bytes for it, unless it is gone; the number that was added. */
  long hold(long more) {
    long added = gone ? 0 : more;
    held += added;
    return added;
  }

  /** Counts nothing for it any more; the number that was counted. */
  long release() {
    long released = held;
    held = 0;
    gone = true;
    return released;
  }

  CompletableFuture<EncodedPicture> encoded() {
    return encoded;
  }

  CompletableFuture<Embedded> embedded() {
    return embedded;
  }

  /** Lets nobody wait for it. */
  void fail(Throwable why) {
    encoded.completeExceptionally(why);
    embedded.completeExceptionally(why);
  }
}

package io.afina.classifier.ahead;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.backbone.PictureEmbedder;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Closer;
import io.afina.source.PictureOrigin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Records of numbers as pictures, and what embeds and fetches them. */
abstract class AheadTestBase {

  static final String IMAGES = TOPICS.images().name();
  static final TopicPartition ZERO = new TopicPartition(IMAGES, 0);
  static final TopicPartition ONE = new TopicPartition(IMAGES, 1);
  static final long BYTES = 1000;

  final Closer closer = new Closer();
  final ExecutorService threads = Executors.newCachedThreadPool();
  final Numbers numbers = new Numbers(8);

  @AfterEach
  void close() {
    closer.close();
    threads.shutdownNow();
  }

  AheadQueue queue(PictureEmbedder embedder, PictureOrigin origin) {
    return closer.own(new AheadQueue(IMAGES, embedder, origin, BYTES, 4));
  }

  static void show(AheadQueue queue, List<ConsumerRecord<byte[], byte[]>> polled) {
    queue.polled(records(polled));
  }

  static ConsumerRecords<byte[], byte[]> records(List<ConsumerRecord<byte[], byte[]>> polled) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> sorted = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : polled) {
      sorted
          .computeIfAbsent(
              new TopicPartition(record.topic(), record.partition()), p -> new ArrayList<>())
          .add(record);
    }
    return new ConsumerRecords<>(sorted, Map.of());
  }

  static List<ConsumerRecord<byte[], byte[]>> polled(
      TopicPartition partition, long from, int... pictures) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int picture : pictures) {
      records.add(record(partition, from + records.size(), "" + picture));
    }
    return records;
  }

  static ConsumerRecord<byte[], byte[]> record(
      TopicPartition partition, long offset, String value) {
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        offset,
        new byte[0],
        value.getBytes(StandardCharsets.UTF_8));
  }

  static float take(AheadQueue queue, ConsumerRecord<byte[], byte[]> record)
      throws UnusableRecordException {
    return queue
        .embed(
            new TopicPartition(record.topic(), record.partition()),
            record.offset(),
            record.value(),
            record.headers())
        .embedding()
        .values()[0];
  }

  static float takeUnchecked(AheadQueue queue, ConsumerRecord<byte[], byte[]> record) {
    try {
      return take(queue, record);
    } catch (UnusableRecordException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes a number as text for a picture, in a batch or alone. */
  static final class Numbers implements PictureEmbedder {

    private final int batchSize;
    final List<String> embedded = new CopyOnWriteArrayList<>();
    volatile CountDownLatch holds = new CountDownLatch(0);
    volatile @Nullable Error dies;

    Numbers(int batchSize) {
      this.batchSize = batchSize;
    }

    @Override
    public int batchSize() {
      return batchSize;
    }

    @Override
    public Embedded embed(byte[] picture, @Nullable String contentType)
        throws UnusableRecordException {
      String text = new String(picture, StandardCharsets.UTF_8).strip();
      try {
        if (dies != null) {
          throw Objects.requireNonNull(dies);
        }
        holds.await();
        float number = Float.parseFloat(text);
        embedded.add(text);
        return new Embedded(new Embedding("backbone", new float[] {number}), 1, 2);
      } catch (NumberFormatException e) {
        throw new UnusableRecordException(Stage.DECODE, Reason.NOT_A_PICTURE, "no number");
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Pictures that come once so many were asked for, with so many bytes before them. */
  static final class Elsewhere implements PictureOrigin {

    private final CountDownLatch asked;
    private final int length;
    final AtomicInteger fetched = new AtomicInteger();

    Elsewhere(int together, int length) {
      this.asked = new CountDownLatch(together);
      this.length = length;
    }

    @Override
    public boolean isElsewhere(byte @Nullable [] value, Headers headers) {
      return true;
    }

    @Override
    public EncodedPicture read(byte @Nullable [] value, Headers headers) {
      fetched.incrementAndGet();
      asked.countDown();
      try {
        asked.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      String text = new String(Objects.requireNonNull(value), StandardCharsets.UTF_8);
      return new EncodedPicture(
          (" ".repeat(length - text.length()) + text).getBytes(StandardCharsets.UTF_8), null);
    }
  }
}

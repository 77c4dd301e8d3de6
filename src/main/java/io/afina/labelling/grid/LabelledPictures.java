package io.afina.labelling.grid;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.event.Embedding;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordId;
import io.afina.event.Topics;
import io.afina.event.TrainingExample;
import io.afina.kafka.RecordReader;
import io.afina.kafka.TopicFollower;
import io.afina.labelling.queue.BoundedMap;
import io.afina.lifecycle.Closer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Finds labelled images that look alike, and where their kept copies are. It reads {@code training}
 * and {@code pictures} from the first question on, in threads of its own, and knows the last ones
 * of both, at most so many. Safe for any thread.
 */
public final class LabelledPictures implements PictureIndex, AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Closer closer = new Closer();
  private final Topics topics;
  private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
  private final int most;
  private final Map<String, LabelledPicture> examples;
  private final Map<String, RecordId> copies;
  private final Supplier<KafkaConsumer<byte[], byte[]>> singles;
  private final Object reading = new Object();
  private @Nullable RecordReader reader;
  private boolean started;

  /**
   * Knows nothing yet.
   *
   * @param consumers that read committed records, from the beginning unless told otherwise
   * @param singles that read single records
   * @param most images that are known
   */
  public LabelledPictures(
      Topics topics,
      Supplier<KafkaConsumer<byte[], byte[]>> consumers,
      Supplier<KafkaConsumer<byte[], byte[]>> singles,
      int most) {
    this.topics = topics;
    this.consumers = consumers;
    this.singles = singles;
    this.most = most;
    this.examples = new BoundedMap<>(most);
    this.copies = new BoundedMap<>(most);
  }

  @Override
  public List<Alike<LabelledPicture>> nearest(Embedding to, int count) {
    return Alike.nearest(
        to.values(),
        known().stream()
            .filter(each -> each.backbone().equals(to.backbone()))
            .filter(each -> each.halves().length == to.values().length),
        each -> each.embedding().values(),
        count);
  }

  @Override
  public Optional<LabelledPicture> find(String image) {
    return known().stream().filter(each -> each.image().equals(image)).findFirst();
  }

  @Override
  public Optional<byte[]> copy(String image) {
    Optional<RecordId> place = place(image);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    // One at a time, and not under the lock of the index: a read may take seconds.
    synchronized (reading) {
      if (reader == null) {
        reader = closer.own(new RecordReader(singles.get(), topics.pictures().name()));
      }
      return reader.read(place.get(), PATIENCE).map(ConsumerRecord::value);
    }
  }

  private synchronized Optional<RecordId> place(String image) {
    start();
    return Optional.ofNullable(copies.get(image));
  }

  @Override
  public void close() {
    closer.close();
  }

  private synchronized List<LabelledPicture> known() {
    start();
    return List.copyOf(examples.values());
  }

  private synchronized void start() {
    if (!started) {
      started = true;
      Deserializer<TrainingExample> values = topics.training().values().deserializer();
      follow("afina-label-examples", topics.training().name(), record -> example(record, values));
      follow("afina-label-copies", topics.pictures().name(), this::copied);
    }
  }

  private void follow(
      String thread,
      String topic,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    KafkaConsumer<byte[], byte[]> consumer = consumers.get();
    TopicFollower.setUp(consumer, () -> seek(consumer, topic));
    closer.own(TopicFollower.ofAll(consumer, each)).follow(thread, POLL, records -> {});
  }

  /** Where the last ones are, should each have been written once. */
  private void seek(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions = TopicFollower.partitions(consumer, topic);
    consumer.assign(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    consumer
        .endOffsets(partitions)
        .forEach(
            (partition, end) ->
                consumer.seek(
                    partition,
                    Math.max(
                        begins.getOrDefault(partition, 0L), end - most / partitions.size() - 1)));
  }

  private void example(
      ConsumerRecord<byte[], byte[]> record, Deserializer<TrainingExample> values) {
    if (record.key() == null) {
      return;
    }
    String image = new String(record.key(), UTF_8);
    Optional<TrainingExample> read = Optional.empty();
    try {
      read = Optional.ofNullable(values.deserialize(record.topic(), record.value()));
    } catch (MalformedRecordException e) {
      // What the trainer does not use is no example.
    }
    Optional<LabelledPicture> now = read.map(example -> LabelledPicture.of(image, example));
    synchronized (this) {
      examples.remove(image);
      now.ifPresent(labelled -> examples.put(image, labelled));
    }
  }

  private synchronized void copied(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() != null) {
      String image = new String(record.key(), UTF_8);
      copies.remove(image);
      if (record.value() != null) {
        copies.put(image, new RecordId(record.partition(), record.offset()));
      }
    }
  }
}

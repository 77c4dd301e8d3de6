package io.afina.erasure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.cloudevents.ImageEvents;
import io.afina.config.AfinaConfig;
import io.afina.erasure.Occurrence.Kind;
import io.afina.event.Embedding;
import io.afina.event.MalformedRecordException;
import io.afina.event.ModelKey;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.event.UnusableRecordException;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.layer.Landmarks;
import io.afina.topic.TopicSpec.Sizing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads topics whole, what was never committed too, and finds the records of some images: those
 * with the image id as key, those that name it, and heads with its embedding. For one thread.
 */
final class OccurrenceSearch {

  /** What a window store adds to a key: a time and a number. */
  private static final int WINDOW = Long.BYTES + Integer.BYTES;

  private final AfinaConfig config;
  private final Set<String> ids;
  private final List<ErasableTopic> topics;
  private final List<Occurrence> found = new ArrayList<>();
  private final Map<TopicPartition, Long> begins = new HashMap<>();
  private final Map<TopicPartition, Long> alone = new HashMap<>();
  private final Set<TopicPartition> mixed = new HashSet<>();
  private final List<float[]> embeddings;

  private OccurrenceSearch(
      AfinaConfig config, Set<String> ids, List<ErasableTopic> topics, List<float[]> embeddings) {
    this.config = config;
    this.ids = ids;
    this.topics = topics;
    this.embeddings = new ArrayList<>(embeddings);
  }

  /**
   * Reads all that is on the topics now.
   *
   * @param embeddings of the images that are known from before
   */
  static Occurrences in(
      List<ErasableTopic> topics, AfinaConfig config, Set<String> ids, List<float[]> embeddings) {
    OccurrenceSearch search = new OccurrenceSearch(config, ids, topics, embeddings);
    String models = config.topics().models().name();
    // Heads last: by then the embeddings are known that they may have.
    search.read(
        topics.stream().map(ErasableTopic::name).filter(name -> !name.equals(models)).toList());
    search.read(List.of(models));
    return new Occurrences(search.found, search.begins, search.alone, search.embeddings);
  }

  private void read(List<String> names) {
    KafkaConsumer<byte[], byte[]> consumer =
        KafkaSettings.reader(config)
            .require(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted")
            .require(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false)
            .consumer();
    TopicFollower.setUp(
        consumer,
        () -> {
          List<TopicPartition> all =
              TopicFollower.partitions(consumer, names.toArray(String[]::new));
          consumer.assign(all);
          consumer.seekToBeginning(all);
          begins.putAll(consumer.beginningOffsets(all));
        });
    try (TopicFollower<byte[], byte[]> follower = new TopicFollower<>(consumer, this::look)) {
      follower.readToEnd();
    }
  }

  private void look(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    if (isOwn(record)) {
      add(record, record.value() == null ? Kind.TOMBSTONE : Kind.DATA);
      learn(record);
      if (!mixed.contains(partition)) {
        alone.put(partition, record.offset() + 1);
      }
      return;
    }
    mixed.add(partition);
    if (record.value() != null && isShared(record.topic())) {
      if (names(record.value())) {
        add(record, Kind.NAMED);
      } else if (hasLandmark(record)) {
        add(record, Kind.LANDMARK);
      }
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> record, Kind kind) {
    found.add(
        new Occurrence(
            new TopicPartition(record.topic(), record.partition()),
            record.offset(),
            record.timestamp(),
            record.key() == null ? "" : new String(record.key(), ISO_8859_1),
            kind));
  }

  private boolean isOwn(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = key(record);
    return key != null
        && (ids.contains(new String(key, UTF_8))
            || (isWindowed(key) && ids.contains(new String(key, 0, key.length - WINDOW, UTF_8))));
  }

  private static byte @Nullable [] key(ConsumerRecord<byte[], byte[]> record) {
    try {
      return ImageEvents.key(record.key(), record.headers());
    } catch (UnusableRecordException e) {
      return record.key();
    }
  }

  /** A time, whose first two bytes are 0 for many a thousand years yet, and the number 0. */
  private static boolean isWindowed(byte[] key) {
    if (key.length <= WINDOW) {
      return false;
    }
    ByteBuffer end = ByteBuffer.wrap(key, key.length - WINDOW, WINDOW);
    return end.getLong() >>> (6 * Byte.SIZE) == 0 && end.getInt() == 0;
  }

  private void learn(ConsumerRecord<byte[], byte[]> record) {
    Topic<String, TrainingExample> training = config.topics().training();
    if (record.topic().equals(training.name()) && record.value() != null) {
      try {
        training
            .values()
            .deserializer()
            .deserialize(record.topic(), record.value())
            .embeddings()
            .stream()
            .map(Embedding::values)
            .forEach(embeddings::add);
      } catch (MalformedRecordException e) {
        // No example of ours: no head learned it.
        return;
      }
    }
  }

  /** Whether the records of a topic are about more than one image. */
  private boolean isShared(String topic) {
    return topics.stream()
        .anyMatch(each -> each.name().equals(topic) && each.sizing() == Sizing.FIXED);
  }

  /** As a text in JSON, or in JSON within a text. */
  private boolean names(byte[] value) {
    String text = new String(value, ISO_8859_1);
    return ids.stream()
        .map(id -> new String(id.getBytes(UTF_8), ISO_8859_1))
        .anyMatch(id -> text.contains("\"" + id + "\"") || text.contains("\"" + id + "\\\""));
  }

  private boolean hasLandmark(ConsumerRecord<byte[], byte[]> record) {
    if (embeddings.isEmpty()
        || record.key() == null
        || !(ModelKey.parse(new String(record.key(), UTF_8)).orElse(null)
            instanceof ModelKey.Head)) {
      return false;
    }
    try {
      return HeadFile.read(record.value()).layers().get(0) instanceof Landmarks landmarks
          && landmarks.all().stream()
              .anyMatch(row -> embeddings.stream().anyMatch(known -> Arrays.equals(known, row)));
    } catch (HeadRefusedException e) {
      // Nobody can use it either.
      return false;
    }
  }
}

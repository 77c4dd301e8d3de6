package io.afina.trainer.data;

import io.afina.config.AfinaConfig;
import io.afina.event.MalformedRecordException;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code training} whole into a dataset, then follows it. Owns its consumer; for one thread.
 */
public final class ExampleLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExampleLog.class);

  private static final int MOST_UNANSWERED = 10_000;

  private final TopicFollower<String, byte[]> follower;
  private final Deserializer<TrainingExample> values;
  private final Map<Integer, Long> next = new TreeMap<>();
  private final Dataset dataset;

  /** When the labels that no champion knows yet were given, in milliseconds since 1970. */
  private final List<Long> unanswered = new ArrayList<>();

  private final ExampleTraces traces = new ExampleTraces();
  private long records;

  /** The changes that the heads of each backbone have learned. */
  private final Map<String, Long> learned = new HashMap<>();

  /**
   * Assigns all partitions; nothing is read yet.
   *
   * @param from the first offset of a partition, where it is not the beginning
   */
  public ExampleLog(AfinaConfig config, Dataset dataset, Map<Integer, Long> from) {
    this.dataset = dataset;
    Topic<String, TrainingExample> topic = config.topics().training();
    values = topic.values().deserializer();
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            KafkaSettings.reader(config).toMap(),
            topic.keys().deserializer(),
            Serdes.ByteArray().deserializer());
    follower = TopicFollower.fromBeginning(consumer, topic.name(), this::apply);
    consumer.assignment().stream()
        .filter(partition -> from.containsKey(partition.partition()))
        .forEach(p -> consumer.seek(p, from.getOrDefault(p.partition(), 0L)));
  }

  /** Reads all that is there now. */
  public void readToEnd() {
    follower.readToEnd();
  }

  /**
   * When the labels were given that came since this was asked last; those that were there at the
   * start are not among them. The newest 10,000 at most.
   */
  public List<Long> takeUnanswered() {
    List<Long> taken = List.copyOf(unanswered);
    unanswered.clear();
    return taken;
  }

  /** Waits for news. */
  public void poll(Duration timeout) {
    follower.poll(timeout);
  }

  /** The next offset of every partition from which something was read. */
  public Map<Integer, Long> offsets() {
    return Map.copyOf(next);
  }

  /** How many records came so far. */
  public long records() {
    return records;
  }

  /** How many changes came that are news for a backbone's heads, since {@link #learned}. */
  public long fresh(String backbone) {
    return dataset.changes(backbone) - learned.getOrDefault(backbone, 0L);
  }

  /**
   * Says up to which offsets the heads of a backbone have learned. Behind older offsets than {@link
   * #offsets()} are at most as many changes as offsets, less the examples that were only written
   * again.
   */
  public void learned(String backbone, Map<Integer, Long> offsets) {
    traces.learned(offsets);
    learned.put(backbone, dataset.changes(backbone) - changesBehind(offsets));
  }

  /** A span in the trace of the newest example that no head has learned yet. */
  public Span span(Tracer tracer, String name) {
    return traces.start(tracer, name);
  }

  private long changesBehind(Map<Integer, Long> offsets) {
    return next.entrySet().stream()
            .mapToLong(e -> Math.max(0, e.getValue() - offsets.getOrDefault(e.getKey(), 0L)))
            .sum()
        - dataset.writtenAgainSince(offsets);
  }

  @Override
  public void close() {
    follower.close();
  }

  private void apply(ConsumerRecord<String, byte[]> record) {
    next.put(record.partition(), record.offset() + 1);
    traces.add(record.partition(), record.offset(), record.headers());
    records++;
    try {
      TrainingExample example = values.deserialize(record.topic(), record.value());
      dataset.apply(
          record.key(),
          example,
          record.partition(),
          record.offset(),
          Instant.ofEpochMilli(record.timestamp()));
      if (example != null
          && example.joined() == null
          && follower.state() instanceof TopicFollower.State.Following
          && unanswered.size() < MOST_UNANSWERED) {
        unanswered.add(record.timestamp());
      }
    } catch (MalformedRecordException e) {
      LOG.atWarn()
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("key", record.key())
          .addKeyValue("why", e.getMessage())
          .log("ignored training example");
    }
  }
}

package io.afina.label;

import io.afina.config.AfinaConfig;
import io.afina.event.Json;
import io.afina.event.Topic;
import io.afina.kafka.Fencing;
import io.afina.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes to {@code labels}, each change in one transaction. All who write share one transactional
 * id: whoever begins fences whoever has begun, and reads what was written, so no change is lost and
 * none is made to labels as they were before.
 */
public final class LabelWriter {

  private static final Duration CLOSING = Duration.ofSeconds(5);

  private LabelWriter() {}

  /**
   * A change that was made.
   *
   * @param records that were written, by id
   * @param table after it
   */
  public record Change(Map<String, LabelRecord> records, LabelTable table) {}

  /**
   * Makes a change. Somebody else may make one at the same moment: then it is made again, to the
   * labels as they are by then.
   *
   * @param edit of the labels as they are now: the records that it writes, by id; may be called
   *     several times
   * @throws org.apache.kafka.common.KafkaException when nothing was written; and what the edit
   *     throws
   */
  public static Change write(
      AfinaConfig config, Function<LabelTable, Map<String, LabelRecord>> edit) {
    return Fencing.retry(() -> writeOnce(config, edit));
  }

  private static Change writeOnce(
      AfinaConfig config, Function<LabelTable, Map<String, LabelRecord>> edit) {
    KafkaProducer<String, byte[]> producer = producer(config);
    try {
      producer.initTransactions();
      return write(config, producer, edit);
    } finally {
      producer.close(CLOSING);
    }
  }

  private static Change write(
      AfinaConfig config,
      KafkaProducer<String, byte[]> producer,
      Function<LabelTable, Map<String, LabelRecord>> edit) {
    String topic = config.topics().labels().name();
    try (LabelLog log = new LabelLog(config)) {
      Map<String, LabelRecord> records = edit.apply(log.table());
      if (!records.isEmpty()) {
        producer.beginTransaction();
        // A failed send fails the commit.
        records.forEach(
            (id, record) -> {
              var unused = producer.send(new ProducerRecord<>(topic, id, Json.write(record)));
            });
        producer.commitTransaction();
      }
      return new Change(records, log.table().with(records));
    }
  }

  private static KafkaProducer<String, byte[]> producer(AfinaConfig config) {
    Topic<String, byte[]> topic = config.topics().labels();
    return new KafkaProducer<>(
        new KafkaSettings(config)
            .require(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.trainer().group() + "-labels")
            .toMap(),
        topic.keys().serializer(),
        topic.values().serializer());
  }
}

package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.config.KafkaSettings;
import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.event.Topics;
import io.afina.model.Head;
import io.afina.model.HeadFile;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Writes heads and aliases to {@code models}, both or neither. Opening one fences every publisher
 * of the same group that was opened before.
 */
final class HeadPublisher implements AutoCloseable {

  /** A head of 1024 hidden units over 2048 dimensions and 1000 labels is 12 MB. */
  private static final int LARGEST_HEAD = 64 << 20;

  private final Producer<String, byte[]> producer;

  HeadPublisher(AfinaConfig config) {
    producer =
        new KafkaProducer<>(
            new KafkaSettings(config)
                .recommend(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_HEAD)
                .recommend(ProducerConfig.BUFFER_MEMORY_CONFIG, LARGEST_HEAD)
                .require(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.trainer().group())
                .toMap(),
            Topics.MODELS.keys().serializer(),
            Topics.MODELS.values().serializer());
    producer.initTransactions();
  }

  /**
   * Publishes a head and lets it answer.
   *
   * @throws KafkaException when nothing was published: another trainer leads, or the broker did not
   *     take it; this publisher is then of no more use
   */
  void promote(Head head, String why) {
    AliasRecord alias = new AliasRecord(head.version(), "trainer", Instant.now(), why);
    producer.beginTransaction();
    send(new ModelKey.Head(head.version()), HeadFile.write(head));
    send(ModelKey.CHAMPION, Json.write(alias));
    producer.commitTransaction();
  }

  @Override
  public void close() {
    producer.close();
  }

  private void send(ModelKey key, byte[] value) {
    // A failed send fails the commit.
    var unused = producer.send(new ProducerRecord<>(Topics.MODELS.name(), key.text(), value));
  }
}

package io.afina.keeper;

import io.afina.classifier.join.Stray;
import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.kafka.Homes;
import io.afina.kafka.KafkaSettings;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Sends what is found out about an image to the image's home. For one thread. */
final class HomeSender implements AutoCloseable {

  private final Topic<String, byte[]> topic;
  private final Homes homes;
  private final Producer<String, byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  HomeSender(AfinaConfig config) {
    this(
        config.topics().strays(),
        Homes.of(config),
        new KafkaProducer<>(
            new KafkaSettings(config)
                .require(ProducerConfig.ACKS_CONFIG, "all")
                .require(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .toMap(),
            config.topics().strays().keys().serializer(),
            config.topics().strays().values().serializer()));
  }

  private HomeSender(Topic<String, byte[]> topic, Homes homes, Producer<String, byte[]> producer) {
    this.topic = topic;
    this.homes = homes;
    this.producer = producer;
  }

  void send(String id, Stray stray) {
    var unused =
        producer.send(
            new ProducerRecord<>(topic.name(), homes.of(id), id, stray.toBytes()),
            (metadata, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
  }

  /**
   * Waits until all that was sent has arrived.
   *
   * @throws KafkaException when something of it did not
   */
  void flush() {
    producer.flush();
    Exception failed = failure.getAndSet(null);
    if (failed != null) {
      throw new KafkaException("a record for %s did not arrive".formatted(topic.name()), failed);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}

package io.afina.labelling.feed;

import io.afina.config.AfinaConfig;
import io.afina.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients of this role, all from one configuration. */
public record LabellingClients(AfinaConfig config) {

  /**
   * A member that was not heard of for so long loses its partitions. Whatever an instance still
   * sends must have arrived or failed by then: see {@link #STALE} and {@link #DELIVERY}.
   */
  private static final Duration SESSION = Duration.ofSeconds(12);

  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  /** An instance that was not heard of for so long takes no answers. */
  static final Duration STALE = Duration.ofSeconds(6);

  /** How long an answer may take to arrive. */
  public static final Duration DELIVERY = Duration.ofSeconds(5);

  private static final int MANY = 500;

  /** A member of the group that shares {@code review}. */
  public KafkaConsumer<byte[], byte[]> reviewGroup() {
    return settings(MANY)
        .recommend(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(SESSION))
        .recommend(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(HEARTBEAT))
        .require(ConsumerConfig.GROUP_ID_CONFIG, config.labelling().group())
        .require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
        .consumer();
  }

  /** Reads what it is assigned, committed records only. */
  public KafkaConsumer<byte[], byte[]> follower() {
    return settings(MANY).require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest").consumer();
  }

  /** Reads single records: asks for no more than the batch that has them. */
  public KafkaConsumer<byte[], byte[]> single() {
    return settings(1)
        .recommend(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1)
        .require(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1)
        .require(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1)
        .require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none")
        .consumer();
  }

  /** Sends corrections: arrived means that all copies have it, once. */
  public KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        new KafkaSettings(config)
            .recommend(ProducerConfig.LINGER_MS_CONFIG, 0)
            .recommend(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(DELIVERY))
            .recommend(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(DELIVERY.dividedBy(2)))
            .recommend(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(DELIVERY.dividedBy(2)))
            .require(ProducerConfig.ACKS_CONFIG, "all")
            .require(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
            .toMap(),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  public Admin admin() {
    return Admin.create(Map.copyOf(config.kafka()));
  }

  private KafkaSettings settings(int records) {
    return KafkaSettings.reader(config)
        .recommend(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, records)
        .require(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}

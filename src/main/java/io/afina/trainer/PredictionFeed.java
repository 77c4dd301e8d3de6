package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Prediction;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.NewPartitions;
import io.afina.kafka.TopicFollower;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Samples the newest predictions: it begins at the end and skips what it cannot follow, so that
 * what it costs is bounded. Owns its consumer; for one thread.
 */
final class PredictionFeed implements AutoCloseable {

  /** Records at once; who gets so many is behind. */
  private static final int MOST = 500;

  /** Bytes of a partition at once: a prediction is under a kilobyte. */
  private static final int MOST_BYTES = 64 << 10;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final NewPartitions growth;

  PredictionFeed(AfinaConfig config) {
    consumer =
        KafkaSettings.reader(config)
            .recommend(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MOST_BYTES)
            .require(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST)
            .require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest")
            .consumer();
    try {
      List<TopicPartition> partitions =
          TopicFollower.partitions(consumer, config.topics().predictions().name());
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    growth = new NewPartitions(consumer);
  }

  /** Gives those that are there now; one that cannot be read is left out. */
  void poll(Consumer<Prediction> each) {
    growth.look();
    ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ZERO);
    records.forEach(record -> read(record.value()).ifPresent(each));
    if (records.count() >= MOST) {
      consumer.seekToEnd(consumer.assignment());
    }
  }

  private static Optional<Prediction> read(byte @Nullable [] value) {
    try {
      return Optional.ofNullable(value).map(json -> Json.read(json, Prediction.class));
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}

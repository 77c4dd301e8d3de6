package io.afina.classifier;

import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import io.afina.kafka.KafkaSettings;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Configures Kafka Streams for the classifier. */
final class StreamsSettings {

  /**
   * A dead letter is a whole picture with some headers more, and one that the producer finds too
   * large would stop the stream.
   */
  private static final int LARGEST_REQUEST = 64 << 20;

  private static final int POLLS_PER_COMMIT = 5;

  private StreamsSettings() {}

  static Properties of(AfinaConfig config, Map<String, Object> stores) {
    ClassifierConfig classifier = config.classifier();
    KafkaSettings settings = recommended(new KafkaSettings(config), classifier);
    settings
        .require(StreamsConfig.APPLICATION_ID_CONFIG, classifier.applicationId())
        .require(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, classifier.guarantee())
        // With at_least_once too: a replay of dead letters that was killed must not be seen.
        .require(
            StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed")
        .require(
            StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, classifier.busyCommitInterval().toMillis())
        .require(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads(classifier))
        .require(StreamsConfig.STATE_DIR_CONFIG, StateFolder.of(classifier).toString());
    if (classifier.instanceId() != null) {
      settings.require(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
          classifier.instanceId());
    }
    Properties properties = new Properties();
    properties.putAll(settings.toMap());
    properties.putAll(stores);
    return properties;
  }

  private static KafkaSettings recommended(KafkaSettings settings, ClassifierConfig classifier) {
    return settings
        // A picture is large: a thousand buffered ones, Kafka's default, would be gigabytes.
        .recommend(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 16)
        .recommend(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 16)
        // -1: the system chooses, and grows what a picture needs; Kafka's 64 KB are less.
        .recommend(StreamsConfig.consumerPrefix(ConsumerConfig.RECEIVE_BUFFER_CONFIG), -1)
        // A thread that waits for pictures does not commit meanwhile: at Kafka's 100 ms, its
        // last predictions would wait for twice the commit interval.
        .recommend(StreamsConfig.POLL_MS_CONFIG, pollMillis(classifier))
        .recommend(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0)
        .recommend(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6000)
        .recommend(
            StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1500)
        .recommend(
            StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), LARGEST_REQUEST)
        .recommend(
            StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), LARGEST_REQUEST);
  }

  private static long pollMillis(ClassifierConfig classifier) {
    return Math.max(1, classifier.commitInterval().toMillis() / POLLS_PER_COMMIT);
  }

  static int threads(ClassifierConfig classifier) {
    return classifier.threads() > 0
        ? classifier.threads()
        : Runtime.getRuntime().availableProcessors();
  }
}

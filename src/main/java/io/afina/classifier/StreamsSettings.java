package io.afina.classifier;

import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import io.afina.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
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

  /** Milliseconds until others take over from a process that was killed. */
  private static final int DYNAMIC_SESSION = 6_000;

  /** The same for one that comes back under its name: as long as that may take. */
  private static final int STATIC_SESSION = 45_000;

  /** Kafka's default. */
  private static final Duration POLL_BOUND = Duration.ofMinutes(5);

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
        .recommend(
            StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
            classifier.instanceId() == null ? DYNAMIC_SESSION : STATIC_SESSION)
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

  /** How long a thread may take for what one poll brought before Kafka gives it up. */
  static Duration pollBound(Properties streams) {
    String key = ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
    return Stream.of(StreamsConfig.mainConsumerPrefix(key), StreamsConfig.consumerPrefix(key), key)
        .map(streams::get)
        .filter(Objects::nonNull)
        .findFirst()
        .map(millis -> Duration.ofMillis(Long.parseLong(millis.toString())))
        .orElse(POLL_BOUND);
  }

  static int threads(ClassifierConfig classifier) {
    return classifier.threads() > 0
        ? classifier.threads()
        : Runtime.getRuntime().availableProcessors();
  }
}

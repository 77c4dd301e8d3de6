package io.afina.classifier;

import io.afina.classifier.ahead.AheadInterceptor;
import io.afina.classifier.ahead.AheadQueue;
import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import io.afina.config.PicturesConfig;
import io.afina.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  /** Kafka's default. */
  private static final Duration POLL_BOUND = Duration.ofMinutes(5);

  /** The default of Kafka Streams with exactly-once. */
  private static final Duration TRANSACTION = Duration.ofSeconds(10);

  /** What brokers allow by default. */
  private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(15);

  /** One batch is computed while the next one is decoded. */
  private static final int BATCHES_PER_POLL = 2;

  private static final int LEAST_RECORDS = 16;

  /**
   * Of a thread's share of the bytes ahead: what it has polled, what its consumer holds of two or
   * three responses, and as much again while values are copied out of them.
   */
  private static final int RESPONSES = 8;

  private StreamsSettings() {}

  /**
   * The settings.
   *
   * @param batchSize pictures that the backbone takes at once
   * @param ahead is shown what was polled
   */
  static Properties of(
      AfinaConfig config, int batchSize, AheadQueue ahead, Map<String, Object> stores) {
    ClassifierConfig classifier = config.classifier();
    KafkaSettings settings = recommended(new KafkaSettings(config), classifier, batchSize);
    polled(settings, config, batchSize);
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
    intercept(settings, ahead);
    Properties properties = new Properties();
    properties.putAll(settings.toMap());
    properties.putAll(stores);
    return properties;
  }

  /** Beside the interceptors that the user may have. */
  private static void intercept(KafkaSettings settings, AheadQueue ahead) {
    String key = ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG;
    String ours = AheadInterceptor.class.getName();
    String all = ofMainConsumer(settings.toMap(), key).map(user -> ours + "," + user).orElse(ours);
    settings
        .require(StreamsConfig.mainConsumerPrefix(key), all)
        .require(StreamsConfig.mainConsumerPrefix(AheadInterceptor.QUEUE), ahead);
  }

  /**
   * What a poll brings, and how long a transaction may take. A picture is large: a thousand
   * buffered ones, Kafka's default, would be gigabytes. Of references a poll brings as many as its
   * thread's share of the fetches, which all go on at once; where it brings more, these wait for
   * the ones before them, all within one transaction.
   */
  private static void polled(KafkaSettings settings, AfinaConfig config, int batchSize) {
    int records = Math.max(LEAST_RECORDS, BATCHES_PER_POLL * batchSize);
    PicturesConfig pictures = config.pictures();
    if (!pictures.sources().isEmpty()) {
      int threads = threads(config.classifier());
      records = Math.max(records, pictures.fetches() / threads);
      int rounds = (records * threads + pictures.fetches() - 1) / pictures.fetches();
      Duration transaction = TRANSACTION.plus(pictures.fetchTime().multipliedBy(rounds));
      settings.recommend(
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
          (int) Math.min(LONGEST_TRANSACTION.toMillis(), transaction.toMillis()));
    }
    settings
        .recommend(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, records)
        .recommend(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), records);
  }

  private static KafkaSettings recommended(
      KafkaSettings settings, ClassifierConfig classifier, int batchSize) {
    if (batchSize > 1) {
      int response =
          (int)
              Math.min(
                  ConsumerConfig.DEFAULT_FETCH_MAX_BYTES,
                  classifier.resolvedAheadBytes() / RESPONSES / threads(classifier));
      settings
          .recommend(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), response)
          // Of large pictures the default, 1 MB, would bring one at a time.
          .recommend(
              StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
              response / 2);
    }
    return settings
        // -1: the system chooses, and grows what a picture needs; Kafka's 64 KB are less.
        .recommend(StreamsConfig.consumerPrefix(ConsumerConfig.RECEIVE_BUFFER_CONFIG), -1)
        // A thread that waits for pictures does not commit meanwhile: at Kafka's 100 ms, its
        // last predictions would wait for twice the commit interval.
        .recommend(StreamsConfig.POLL_MS_CONFIG, pollMillis(classifier))
        .recommend(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0)
        .member(classifier, StreamsConfig::mainConsumerPrefix)
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
    return ofMainConsumer(streams, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG)
        .map(millis -> Duration.ofMillis(Long.parseLong(millis.toString())))
        .orElse(POLL_BOUND);
  }

  private static Optional<Object> ofMainConsumer(Map<?, ?> settings, String key) {
    return Stream.of(StreamsConfig.mainConsumerPrefix(key), StreamsConfig.consumerPrefix(key), key)
        .<Object>map(settings::get)
        .filter(Objects::nonNull)
        .findFirst();
  }

  static int threads(ClassifierConfig classifier) {
    return classifier.threads() > 0
        ? classifier.threads()
        : Runtime.getRuntime().availableProcessors();
  }
}

package io.afina.erasure;

import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.kafka.ClusterCalls;
import io.afina.kafka.ConsumerGroups;
import io.afina.kafka.KafkaSettings;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import io.afina.topic.TopicCatalog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Erases what classifiers keep, with their help, and what is on topics that are kept by time where
 * nothing else is before it, or where that may go too.
 */
public abstract sealed class Erasure implements AutoCloseable
    permits ImageErasure, LabellerErasure {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final AfinaConfig config;
  private final Duration patience;
  private final ClusterCalls cluster;
  private final List<ErasableTopic> topics;

  /**
   * Connects.
   *
   * @param patience how long classifiers may take to do what they are told
   * @throws AfinaException when a topic is missing, or the cluster does not answer or refuses
   */
  Erasure(AfinaConfig config, Duration patience) {
    this.config = config;
    this.patience = patience;
    ReadyTopics.require(config, TopicCatalog.load(config.topics()).names());
    this.cluster = ClusterCalls.connect(Map.copyOf(config.kafka()));
    try {
      this.topics = ErasableTopic.all(config, cluster);
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Reads all topics for what there is. */
  public final Occurrences find() {
    return OccurrenceSearch.in(topics, config, sought(List.of()));
  }

  /** Reads some. */
  final Occurrences find(List<String> names) {
    List<ErasableTopic> some =
        topics.stream().filter(topic -> names.contains(topic.name())).toList();
    return OccurrenceSearch.in(some, config, sought(List.of()));
  }

  /** What there is, a line a topic, and when it goes. */
  public final List<String> describe(Occurrences found) {
    return ErasureReport.lines(topics, found, words());
  }

  /**
   * Erases it, and reads all topics again.
   *
   * @param found what there is
   * @param older whether older records of other images may be deleted with these, on topics that
   *     are kept by time
   * @return what is left, for time to remove
   * @throws AfinaException when the classifiers do not do their part in time, or something came
   *     back
   */
  public final Occurrences erase(Occurrences found, boolean older) {
    Map<TopicPartition, Long> told = tell(found);
    Map<TopicPartition, Long> ends = new HashMap<>(found.alone());
    if (older) {
      ends.putAll(found.ends(topics.stream().map(ErasableTopic::name).toList()));
      ends.putAll(told);
    }
    delete(ends);
    Occurrences left = OccurrenceSearch.in(topics, config, sought(found.embeddings()));
    for (ErasableTopic topic : topics) {
      if (topic.isCompactedOnly() && left.hasData(topic.name())) {
        throw new AfinaException(
            ExitCode.STALLED,
            "%s has something again, written after it was erased: see that nobody publishes or labels meanwhile, and run this once more"
                .formatted(topic.name()));
      }
    }
    return left;
  }

  /** What is looked for. */
  abstract Sought sought(List<float[]> embeddings);

  /** How records of the two kinds are called, with data and without. */
  abstract List<String> words();

  /**
   * Has the classifiers forget it, and waits until they have.
   *
   * @return the offset behind what told them in each partition
   */
  abstract Map<TopicPartition, Long> tell(Occurrences found);

  final AfinaConfig config() {
    return config;
  }

  /** Sends records, and returns the offset behind the last one of each partition. */
  final Map<TopicPartition, Long> send(
      Topic<String, byte[]> topic, Stream<ProducerRecord<String, byte[]>> records) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            new KafkaSettings(config).require(ProducerConfig.ACKS_CONFIG, "all").toMap(),
            topic.keys().serializer(),
            topic.values().serializer())) {
      List<Future<RecordMetadata>> sent = records.map(producer::send).toList();
      Map<TopicPartition, Long> ends = new HashMap<>();
      for (Future<RecordMetadata> each : sent) {
        RecordMetadata at = each.get();
        ends.merge(new TopicPartition(at.topic(), at.partition()), at.offset() + 1, Math::max);
      }
      return ends;
    } catch (InterruptedException e) {
      throw ClusterCalls.interrupted(e);
    } catch (ExecutionException e) {
      throw new AfinaException(
          ExitCode.UNREACHABLE,
          "the broker did not take a record for %s: %s; nothing was erased for certain, run this again"
              .formatted(topic.name(), e.getMessage()),
          e);
    }
  }

  @Override
  public final void close() {
    cluster.close();
  }

  /** Waits until the classifiers have read so far. */
  final void awaitDone(Map<TopicPartition, Long> ends) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isDone(ends)) {
      if (System.nanoTime() > deadline) {
        throw new AfinaException(
            ExitCode.STALLED,
            "the classifiers have not read %s to %s within %s: see that they run and keep up, then run this again, or give them longer by --patience"
                .formatted(
                    ends.keySet().stream().map(TopicPartition::topic).distinct().sorted().toList(),
                    ends.values(),
                    patience));
      }
      try {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      } catch (InterruptedException e) {
        throw ClusterCalls.interrupted(e);
      }
    }
  }

  private boolean isDone(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, OffsetAndMetadata> done = committed();
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              OffsetAndMetadata at = done.get(end.getKey());
              return at != null && at.offset() >= end.getValue();
            });
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    return ConsumerGroups.committed(cluster, config.classifier().applicationId());
  }

  /**
   * Deletes from the beginning of partitions: of {@code strays} whatever was taken, for it is on
   * its way only; of other topics that are kept by time up to the given offsets.
   */
  private void delete(Map<TopicPartition, Long> ends) {
    String strays = config.topics().strays().name();
    Set<String> kept =
        topics.stream()
            .filter(topic -> !topic.isCompacted())
            .map(ErasableTopic::name)
            .collect(Collectors.toSet());
    Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
    Stream.concat(
            ends.entrySet().stream().filter(end -> !end.getKey().topic().equals(strays)),
            committed().entrySet().stream()
                .filter(end -> end.getKey().topic().equals(strays))
                .map(end -> Map.entry(end.getKey(), end.getValue().offset())))
        .filter(end -> kept.contains(end.getKey().topic()))
        .forEach(end -> before.put(end.getKey(), RecordsToDelete.beforeOffset(end.getValue())));
    var unused = cluster.await(cluster.admin().deleteRecords(before).all());
  }
}

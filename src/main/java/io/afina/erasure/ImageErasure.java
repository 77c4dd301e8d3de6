package io.afina.erasure;

import io.afina.classifier.join.Stray;
import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.kafka.ClusterCalls;
import io.afina.kafka.ConsumerGroups;
import io.afina.kafka.Homes;
import io.afina.kafka.KafkaSettings;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import io.afina.topic.TopicCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * Erases images. The classifiers that have them in their stores are told by {@code strays}, and
 * write tombstones to the compacted topics; what is on topics that are kept by time is deleted
 * where nothing of other images is before it, or where that may go too.
 */
public final class ImageErasure implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final AfinaConfig config;
  private final Duration patience;
  private final ClusterCalls cluster;
  private final List<ErasableTopic> topics;

  private ImageErasure(AfinaConfig config, Duration patience, ClusterCalls cluster) {
    this.config = config;
    this.patience = patience;
    this.cluster = cluster;
    this.topics = ErasableTopic.all(config, cluster);
  }

  /**
   * Connects.
   *
   * @param patience how long classifiers may take to do what they are told
   * @throws AfinaException when a topic is missing, or the cluster does not answer or refuses
   */
  public static ImageErasure open(AfinaConfig config, Duration patience) {
    ReadyTopics.require(config, TopicCatalog.load(config.topics()).names());
    ClusterCalls cluster = ClusterCalls.connect(Map.copyOf(config.kafka()));
    try {
      return new ImageErasure(config, patience, cluster);
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Reads all topics for what there is of some images. */
  public Occurrences find(Set<String> ids) {
    return OccurrenceSearch.in(topics, config, ids, List.of());
  }

  /** What there is, a line a topic, and when it goes. */
  public List<String> describe(Occurrences found) {
    return ErasureReport.lines(topics, found);
  }

  /**
   * Erases them, and reads all topics again.
   *
   * @param found where they are
   * @param older whether older records of other images may be deleted with theirs, on topics that
   *     are kept by time
   * @return what is left, for time to remove
   * @throws AfinaException when the classifiers do not do their part in time, or an image came back
   */
  public Occurrences erase(Set<String> ids, Occurrences found, boolean older) {
    String strays = config.topics().strays().name();
    awaitDone(
        found.ends(
            List.of(
                config.topics().images().name(), config.topics().corrections().name(), strays)));
    awaitDone(tell(ids, found));
    delete(
        strays,
        older ? found.ends(topics.stream().map(ErasableTopic::name).toList()) : found.alone());
    Occurrences left = OccurrenceSearch.in(topics, config, ids, found.embeddings());
    for (ErasableTopic topic : topics) {
      if (topic.isCompactedOnly() && left.hasData(topic.name())) {
        throw new AfinaException(
            ExitCode.STALLED,
            "%s has something of the images again, written after it was erased: see that nobody publishes or labels them, and run this once more"
                .formatted(topic.name()));
      }
    }
    return left;
  }

  @Override
  public void close() {
    cluster.close();
  }

  /** Tells the home of each image, and whoever else has it in a store. */
  private Map<TopicPartition, Long> tell(Set<String> ids, Occurrences found) {
    Topic<String, byte[]> strays = config.topics().strays();
    Homes homes = Homes.of(config);
    byte[] erased = new Stray.Erased(System.currentTimeMillis()).toBytes();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            new KafkaSettings(config).require(ProducerConfig.ACKS_CONFIG, "all").toMap(),
            strays.keys().serializer(),
            strays.values().serializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (String id : ids) {
        Set<Integer> partitions = new TreeSet<>(Set.of(homes.of(id)));
        partitions.addAll(stores(found));
        for (int partition : partitions) {
          sent.add(producer.send(new ProducerRecord<>(strays.name(), partition, id, erased)));
        }
      }
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
              .formatted(strays.name(), e.getMessage()),
          e);
    }
  }

  /** The tasks that have any of them in a store: a changelog has the partition of its task. */
  private List<Integer> stores(Occurrences found) {
    Set<String> known = Set.copyOf(TopicCatalog.load(config.topics()).names());
    return found.all().stream()
        .map(Occurrence::partition)
        .filter(partition -> !known.contains(partition.topic()))
        .map(TopicPartition::partition)
        .distinct()
        .toList();
  }

  private void awaitDone(Map<TopicPartition, Long> ends) {
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
  private void delete(String strays, Map<TopicPartition, Long> ends) {
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

package io.afina.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.config.AfinaConfig;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.kafka.ClusterCalls;
import io.afina.kafka.ConsumerGroups;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which of some images are on the topics already, as small records tell: predictions and examples;
 * and image events themselves, which are large, as far as they are not classified yet.
 */
final class KnownImages {

  private final AfinaConfig config;
  private final Set<String> wanted;
  private final Set<String> published = new HashSet<>();
  private final Set<String> labelled = new HashSet<>();

  private KnownImages(AfinaConfig config, Set<String> wanted) {
    this.config = config;
    this.wanted = wanted;
  }

  /** Reads the topics. */
  static KnownImages read(AfinaConfig config, Collection<LabelledImage> images) {
    KnownImages known =
        new KnownImages(config, images.stream().map(LabelledImage::id).collect(Collectors.toSet()));
    known.readAll();
    return known;
  }

  /** Whether it was published: an event that became a dead letter counts for none once it did. */
  boolean isPublished(String id) {
    return published.contains(id);
  }

  /** Whether it has a label. */
  boolean isLabelled(String id) {
    return labelled.contains(id);
  }

  private void readAll() {
    follow(config.topics().predictions().name(), Map.of(), (id, value) -> published.add(id));
    follow(
        config.topics().training().name(),
        Map.of(),
        (id, value) -> {
          published.add(id);
          mark(id, value != null);
        });
    follow(
        config.topics().corrections().name(),
        Map.of(),
        (id, value) -> mark(id, value != null && isCorrection(value)));
    try (ClusterCalls cluster = ClusterCalls.connect(Map.copyOf(config.kafka()))) {
      follow(
          config.topics().images().name(),
          ConsumerGroups.committed(cluster, config.classifier().applicationId()),
          (id, value) -> published.add(id));
    }
  }

  private void mark(String id, boolean has) {
    if (has) {
      labelled.add(id);
    } else {
      labelled.remove(id);
    }
  }

  private static boolean isCorrection(byte[] value) {
    try {
      return !Json.read(value, Correction.class).label().isEmpty();
    } catch (MalformedRecordException e) {
      return false;
    }
  }

  /** From the beginning, or from the offsets that are given. */
  private void follow(
      String topic,
      Map<TopicPartition, OffsetAndMetadata> from,
      BiConsumer<String, byte @Nullable []> each) {
    KafkaConsumer<byte[], byte[]> consumer = KafkaSettings.reader(config).consumer();
    TopicFollower.setUp(
        consumer,
        () -> {
          List<TopicPartition> all = TopicFollower.partitions(consumer, topic);
          consumer.assign(all);
          consumer.seekToBeginning(all);
          Map<TopicPartition, OffsetAndMetadata> here = new HashMap<>(from);
          here.keySet().retainAll(all);
          here.forEach(consumer::seek);
        });
    try (var follower = new TopicFollower<>(consumer, record -> show(record, each))) {
      follower.readToEnd();
    }
  }

  private void show(
      ConsumerRecord<byte[], byte[]> record, BiConsumer<String, byte @Nullable []> each) {
    if (record.key() != null) {
      String id = new String(record.key(), UTF_8);
      if (wanted.contains(id)) {
        each.accept(id, record.value());
      }
    }
  }
}

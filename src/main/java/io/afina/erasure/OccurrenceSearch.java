package io.afina.erasure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.afina.config.AfinaConfig;
import io.afina.erasure.Occurrence.Kind;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics whole, what was never committed too, and finds the records that have what is sought.
 * For one thread.
 */
final class OccurrenceSearch {

  private final AfinaConfig config;
  private final Sought sought;
  private final Map<String, ErasableTopic> topics;
  private final List<Occurrence> found = new ArrayList<>();
  private final Map<TopicPartition, Long> begins = new HashMap<>();
  private final Map<TopicPartition, Long> alone = new HashMap<>();
  private final Set<TopicPartition> mixed = new HashSet<>();

  private OccurrenceSearch(AfinaConfig config, Sought sought, List<ErasableTopic> topics) {
    this.config = config;
    this.sought = sought;
    this.topics =
        topics.stream().collect(Collectors.toMap(ErasableTopic::name, Function.identity()));
  }

  /** Reads all that is on the topics now. */
  static Occurrences in(List<ErasableTopic> topics, AfinaConfig config, Sought sought) {
    OccurrenceSearch search = new OccurrenceSearch(config, sought, topics);
    String models = config.topics().models().name();
    // Heads last: by then the embeddings are known that they may have.
    Stream.of(false, true)
        .map(last -> search.topics.keySet().stream().filter(name -> name.equals(models) == last))
        .map(Stream::toList)
        .filter(names -> !names.isEmpty())
        .forEach(search::read);
    return new Occurrences(search.found, search.begins, search.alone, sought.embeddings());
  }

  private void read(List<String> names) {
    KafkaConsumer<byte[], byte[]> consumer =
        KafkaSettings.reader(config)
            .require(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted")
            .require(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false)
            .consumer();
    TopicFollower.setUp(
        consumer,
        () -> {
          List<TopicPartition> all =
              TopicFollower.partitions(consumer, names.toArray(String[]::new));
          consumer.assign(all);
          consumer.seekToBeginning(all);
          begins.putAll(consumer.beginningOffsets(all));
        });
    try (TopicFollower<byte[], byte[]> follower = new TopicFollower<>(consumer, this::look)) {
      follower.readToEnd();
    }
  }

  private void look(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Optional<Kind> kind = sought.in(record, Objects.requireNonNull(topics.get(record.topic())));
    kind.ifPresent(is -> add(record, is));
    if (kind.filter(is -> is == Kind.DATA || is == Kind.TOMBSTONE).isEmpty()) {
      mixed.add(partition);
    } else if (!mixed.contains(partition)) {
      alone.put(partition, record.offset() + 1);
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> record, Kind kind) {
    found.add(
        new Occurrence(
            new TopicPartition(record.topic(), record.partition()),
            record.offset(),
            record.timestamp(),
            record.key() == null ? "" : new String(record.key(), ISO_8859_1),
            kind));
  }
}

package io.afina.model;

import io.afina.config.AfinaConfig;
import io.afina.config.KafkaSettings;
import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.ModelKey;
import io.afina.event.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry: the topic {@code models} as one reader sees it. It keeps where each head is, not
 * the heads, and fetches one when it is asked for, so that a long history costs no memory. Owns its
 * consumer; for one thread.
 */
public final class ModelLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelLog.class);
  private static final TopicPartition PARTITION = new TopicPartition(Topics.MODELS.name(), 0);
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(30);

  private final Consumer<String, byte[]> consumer;
  private final NavigableMap<Long, Long> offsets = new TreeMap<>();
  private final Map<String, AliasRecord> aliases = new TreeMap<>();

  /** Reads from the beginning; the consumer should read committed records only. */
  public ModelLog(Consumer<String, byte[]> consumer) {
    this.consumer = consumer;
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
  }

  /** Opens it on the cluster that the configuration names. */
  public static ModelLog open(AfinaConfig config) {
    return new ModelLog(
        new KafkaConsumer<>(
            new KafkaSettings(config)
                .require(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .require(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
                .toMap(),
            Topics.MODELS.keys().deserializer(),
            Topics.MODELS.values().deserializer()));
  }

  /** Reads all that is there now. */
  public void readToEnd() {
    long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
    while (consumer.position(PARTITION) < end) {
      poll(Duration.ofMillis(100));
    }
  }

  /** Waits for news and returns the names of the aliases that moved. */
  public Set<String> poll(Duration timeout) {
    Set<String> moved = new HashSet<>();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(timeout)) {
      key(record).ifPresent(key -> apply(key, record, moved));
    }
    return moved;
  }

  /** The versions there are, oldest first. */
  public NavigableSet<Long> versions() {
    return offsets.navigableKeySet();
  }

  /** The highest version, or 0 when there is none. */
  public long newest() {
    return offsets.isEmpty() ? 0 : offsets.lastKey();
  }

  /** Where an alias points. */
  public Optional<AliasRecord> alias(ModelKey.Alias alias) {
    return Optional.ofNullable(aliases.get(alias.name()));
  }

  /** All aliases, by name. */
  public Map<String, AliasRecord> aliases() {
    return Map.copyOf(aliases);
  }

  /** Fetches the blob of a head; empty when there is no such version. */
  public Optional<byte[]> head(long version) {
    return Optional.ofNullable(offsets.get(version)).flatMap(this::fetch);
  }

  /** Makes a {@link #poll} under way in another thread return by an exception. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Optional<byte[]> fetch(long offset) {
    long back = consumer.position(PARTITION);
    long deadline = System.nanoTime() + FETCH_TIMEOUT.toNanos();
    try {
      consumer.seek(PARTITION, offset);
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          return record.offset() == offset ? Optional.of(record.value()) : Optional.empty();
        }
      }
      throw new IllegalStateException(
          "the broker did not give record %d of %s within %s"
              .formatted(offset, PARTITION, FETCH_TIMEOUT));
    } finally {
      consumer.seek(PARTITION, back);
    }
  }

  private static Optional<ModelKey> key(ConsumerRecord<String, byte[]> record) {
    Optional<ModelKey> key = Optional.ofNullable(record.key()).flatMap(ModelKey::parse);
    if (key.isEmpty()) {
      LOG.warn(
          "ignored record with unknown key topic={} offset={} key={}",
          record.topic(),
          record.offset(),
          record.key());
    }
    return key;
  }

  private void apply(ModelKey key, ConsumerRecord<String, byte[]> record, Set<String> moved) {
    if (key instanceof ModelKey.Head head) {
      if (record.value() == null) {
        offsets.remove(head.version());
      } else {
        offsets.put(head.version(), record.offset());
      }
    } else if (key instanceof ModelKey.Alias alias) {
      if (record.value() == null) {
        aliases.remove(alias.name());
        moved.add(alias.name());
      } else {
        move(alias, record, moved);
      }
    }
  }

  private void move(
      ModelKey.Alias alias, ConsumerRecord<String, byte[]> record, Set<String> moved) {
    try {
      aliases.put(alias.name(), Json.read(record.value(), AliasRecord.class));
      moved.add(alias.name());
    } catch (MalformedRecordException e) {
      LOG.warn(
          "ignored alias alias={} offset={} why={}", alias.name(), record.offset(), e.getMessage());
    }
  }
}

package io.afina.model;

import io.afina.config.AfinaConfig;
import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.ModelKey;
import io.afina.event.Topics;
import io.afina.event.TraceHeaders;
import io.afina.kafka.KafkaSettings;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry: the topic {@code models} as one reader sees it. It keeps the newest head and of the
 * others only where they are, and fetches one when it is asked for, so that a long history costs no
 * memory. Owns its consumers; for one thread.
 */
public final class ModelLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelLog.class);
  private static final TopicPartition PARTITION = new TopicPartition(Topics.MODELS.name(), 0);
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(30);

  private final Consumer<String, byte[]> consumer;

  /** Fetches single heads: the first one would lose what it has asked for by seeking. */
  private final Consumer<String, byte[]> fetcher;

  private final NavigableMap<Long, Long> offsets = new TreeMap<>();
  private final Map<String, AliasRecord> aliases = new TreeMap<>();
  private final Map<String, SpanContext> traces = new TreeMap<>();
  private long newestSeen;
  private byte @Nullable [] newestBlob;

  /**
   * Reads from the beginning.
   *
   * @param consumers makes consumers that read committed records only
   */
  ModelLog(Supplier<Consumer<String, byte[]>> consumers) {
    consumer = consumers.get();
    fetcher = consumers.get();
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    fetcher.assign(List.of(PARTITION));
  }

  /** Opens it on the cluster that the configuration names. */
  public static ModelLog open(AfinaConfig config) {
    Map<String, Object> settings =
        new KafkaSettings(config)
            .require(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
            .require(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
            .toMap();
    return new ModelLog(
        () ->
            new KafkaConsumer<>(
                settings,
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

  /**
   * Reads until a record that was committed is behind it. A producer's commit returns a moment
   * before readers of committed records see it: whoever numbers the next head must not look too
   * early.
   *
   * @throws IllegalStateException when that does not come within 30 s
   */
  void readPast(long offset) {
    readUntil(() -> consumer.position(PARTITION) > offset, "record " + offset);
  }

  private void readUntil(BooleanSupplier seen, String what) {
    long deadline = System.nanoTime() + FETCH_TIMEOUT.toNanos();
    while (!seen.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s of models was committed and is not seen within %s".formatted(what, FETCH_TIMEOUT));
      }
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

  /** Whether a head may not be removed: an alias points at it, or its version is the highest. */
  public boolean isHeld(long version) {
    return version == newest()
        || aliases.values().stream()
            .anyMatch(alias -> alias.version() != null && alias.version() == version);
  }

  /** The versions that may be removed when the newest {@code keep} stay. */
  public List<Long> prunable(int keep) {
    return offsets.descendingKeySet().stream()
        .skip(keep)
        .filter(version -> !isHeld(version))
        .toList();
  }

  /** Where an alias points. */
  public Optional<AliasRecord> alias(ModelKey.Alias alias) {
    return Optional.ofNullable(aliases.get(alias.name()));
  }

  /**
   * The span in which an alias was moved last; not valid when there is none, or nobody traced it.
   */
  SpanContext trace(ModelKey.Alias alias) {
    return traces.getOrDefault(alias.name(), SpanContext.getInvalid());
  }

  /** All aliases, by name. */
  public Map<String, AliasRecord> aliases() {
    return Map.copyOf(aliases);
  }

  /** The blob of a head; empty when there is no such version. */
  public Optional<byte[]> head(long version) {
    return newestSeen == version
        ? Optional.ofNullable(newestBlob)
        : Optional.ofNullable(offsets.get(version)).flatMap(this::fetch);
  }

  /** Makes a {@link #poll} under way in another thread return by an exception. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
    fetcher.close();
  }

  private Optional<byte[]> fetch(long offset) {
    long deadline = System.nanoTime() + FETCH_TIMEOUT.toNanos();
    fetcher.seek(PARTITION, offset);
    while (System.nanoTime() < deadline) {
      for (ConsumerRecord<String, byte[]> record : fetcher.poll(Duration.ofMillis(100))) {
        return record.offset() == offset ? Optional.of(record.value()) : Optional.empty();
      }
    }
    throw new IllegalStateException(
        "the broker did not give record %d of %s within %s"
            .formatted(offset, PARTITION, FETCH_TIMEOUT));
  }

  private static Optional<ModelKey> key(ConsumerRecord<String, byte[]> record) {
    Optional<ModelKey> key = Optional.ofNullable(record.key()).flatMap(ModelKey::parse);
    if (key.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("offset", record.offset())
          .addKeyValue("key", record.key())
          .log("ignored record with unknown key");
    }
    return key;
  }

  private void apply(ModelKey key, ConsumerRecord<String, byte[]> record, Set<String> moved) {
    if (key instanceof ModelKey.Head head) {
      newestSeen = head.version();
      newestBlob = record.value();
      if (record.value() == null) {
        offsets.remove(head.version());
      } else {
        offsets.put(head.version(), record.offset());
      }
    } else if (key instanceof ModelKey.Alias alias) {
      if (record.value() == null) {
        aliases.remove(alias.name());
        traces.remove(alias.name());
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
      traces.put(alias.name(), TraceHeaders.read(record.headers()));
      moved.add(alias.name());
    } catch (MalformedRecordException e) {
      LOG.atWarn()
          .addKeyValue("alias", alias.name())
          .addKeyValue("offset", record.offset())
          .addKeyValue("why", e.getMessage())
          .log("ignored alias");
    }
  }
}

package io.afina.model;

import io.afina.config.AfinaConfig;
import io.afina.decide.DoubtRecord;
import io.afina.event.AliasRecord;
import io.afina.event.BackboneRecord;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.ModelKey;
import io.afina.event.Topic;
import io.afina.event.header.TraceHeaders;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.afina.suspect.Suspects;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the model registry, the topic {@code models}. It keeps the newest head and of the others
 * only where they are, and fetches one when it is asked for, so that a long history costs no
 * memory. Owns its consumers; for one thread.
 */
public final class ModelLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelLog.class);
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(30);

  private final TopicPartition partition;
  private final TopicFollower<String, byte[]> follower;

  /** Fetches single heads: the first one would lose what it has asked for by seeking. */
  private final Consumer<String, byte[]> fetcher;

  private final NavigableMap<Long, Long> offsets = new TreeMap<>();
  private final Map<String, AliasRecord> aliases = new TreeMap<>();
  private final Map<String, SpanContext> traces = new TreeMap<>();
  private final Map<String, BackboneRecord> backbones = new TreeMap<>();
  private final Map<Long, DoubtRecord> doubts = new TreeMap<>();
  private @Nullable Suspects suspects;
  private final Set<String> moved = new HashSet<>();
  private long newestSeen;
  private byte @Nullable [] newestBlob;

  /**
   * Reads from the beginning.
   *
   * @param topic that has them, in its one partition
   * @param consumers makes consumers that read committed records only
   */
  ModelLog(String topic, Supplier<Consumer<String, byte[]>> consumers) {
    partition = new TopicPartition(topic, 0);
    Consumer<String, byte[]> consumer = consumers.get();
    fetcher = consumers.get();
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    fetcher.assign(List.of(partition));
    follower = new TopicFollower<>(consumer, this::apply);
  }

  /** Opens it on the cluster that the configuration names. */
  public static ModelLog open(AfinaConfig config) {
    Topic<String, byte[]> topic = config.topics().models();
    Map<String, Object> settings = KafkaSettings.reader(config).toMap();
    return new ModelLog(
        topic.name(),
        () ->
            new KafkaConsumer<>(
                settings, topic.keys().deserializer(), topic.values().deserializer()));
  }

  /** Reads all that is there now. */
  public void readToEnd() {
    follower.readToEnd();
    moved.clear();
  }

  /**
   * Reads until a record that was committed is behind it. A producer's commit returns a moment
   * before readers of committed records see it: whoever numbers the next head must not look too
   * early.
   *
   * @throws TimeoutException when it does not come within 30 s
   */
  void readPast(long offset) {
    follower.readTo(Map.of(partition, offset + 1), FETCH_TIMEOUT);
  }

  /** Waits for news and returns the names of the aliases that moved. */
  public Set<String> poll(Duration timeout) {
    follower.poll(timeout);
    return takeMoved();
  }

  /**
   * Follows in a thread of its own from here on; this log then belongs to that thread.
   *
   * @param round told after every poll which aliases moved
   */
  public void follow(
      String thread, Duration timeout, java.util.function.Consumer<Set<String>> round) {
    follower.follow(thread, timeout, count -> round.accept(takeMoved()));
  }

  /** Completes when {@link #follow} ended, exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return follower.ended();
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

  /** What is said of backbones, by their id. */
  public Map<String, BackboneRecord> backbones() {
    return Map.copyOf(backbones);
  }

  /** The live correction of a head's thresholds; empty where that of its card holds. */
  public Optional<DoubtRecord> doubt(long version) {
    return Optional.ofNullable(doubts.get(version));
  }

  /** The examples whose labels looked wrong when the trainer looked last. */
  public Optional<Suspects> suspects() {
    return Optional.ofNullable(suspects);
  }

  /**
   * The blob of a head; empty when there is no such version.
   *
   * @throws TimeoutException when it does not come within 30 s
   */
  public Optional<byte[]> head(long version) {
    return newestSeen == version
        ? Optional.ofNullable(newestBlob)
        : Optional.ofNullable(offsets.get(version)).flatMap(this::fetch);
  }

  @Override
  public void close() {
    follower.close();
    fetcher.close();
  }

  private Optional<byte[]> fetch(long offset) {
    long deadline = System.nanoTime() + FETCH_TIMEOUT.toNanos();
    fetcher.seek(partition, offset);
    while (System.nanoTime() < deadline) {
      for (ConsumerRecord<String, byte[]> record : fetcher.poll(Duration.ofMillis(100))) {
        return record.offset() == offset ? Optional.of(record.value()) : Optional.empty();
      }
    }
    throw new TimeoutException(
        "the broker did not give record %d of %s within %s"
            .formatted(offset, partition, FETCH_TIMEOUT));
  }

  private Set<String> takeMoved() {
    Set<String> taken = Set.copyOf(moved);
    moved.clear();
    return taken;
  }

  private void apply(ConsumerRecord<String, byte[]> record) {
    ModelKey key = Optional.ofNullable(record.key()).flatMap(ModelKey::parse).orElse(null);
    if (key instanceof ModelKey.Head head) {
      head(head.version(), record);
    } else if (key instanceof ModelKey.Alias alias) {
      move(alias.name(), record);
    } else if (key instanceof ModelKey.Backbone backbone) {
      read(
          record,
          BackboneRecord.class,
          said -> backbones.put(backbone.id(), said),
          () -> backbones.remove(backbone.id()));
    } else if (key instanceof ModelKey.Decide decide) {
      read(
          record,
          DoubtRecord.class,
          doubt -> doubts.put(decide.version(), doubt),
          () -> doubts.remove(decide.version()));
    } else if (key instanceof ModelKey.Suspects) {
      read(record, Suspects.class, found -> suspects = found, () -> suspects = null);
    } else {
      LOG.atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("offset", record.offset())
          .addKeyValue("key", record.key())
          .log("ignored record with unknown key");
    }
  }

  private void head(long version, ConsumerRecord<String, byte[]> record) {
    newestSeen = version;
    newestBlob = record.value();
    if (record.value() == null) {
      offsets.remove(version);
    } else {
      offsets.put(version, record.offset());
    }
  }

  private void move(String alias, ConsumerRecord<String, byte[]> record) {
    if (read(
        record, AliasRecord.class, to -> aliases.put(alias, to), () -> aliases.remove(alias))) {
      traces.put(alias, TraceHeaders.read(record.headers()));
      moved.add(alias);
    }
  }

  /**
   * Reads a record whole.
   *
   * @param gone what to do where it was deleted
   * @return whether it could be read
   */
  private static <T extends Record> boolean read(
      ConsumerRecord<String, byte[]> record,
      Class<T> type,
      java.util.function.Consumer<T> found,
      Runnable gone) {
    try {
      if (record.value() == null) {
        gone.run();
      } else {
        found.accept(Json.readWhole(record.value(), type));
      }
      return true;
    } catch (MalformedRecordException e) {
      LOG.atWarn()
          .addKeyValue("key", record.key())
          .addKeyValue("offset", record.offset())
          .addKeyValue("why", e.getMessage())
          .log("ignored record that cannot be read");
      return false;
    }
  }
}

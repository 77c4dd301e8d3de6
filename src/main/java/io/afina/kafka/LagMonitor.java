package io.afina.kafka;

import io.afina.config.AfinaConfig;
import io.afina.kafka.ConsumerLag.Position;
import io.afina.kafka.ConsumerLag.Standing;
import io.afina.kafka.NextRecords.Next;
import io.afina.kafka.NextRecords.Range;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.Worker;
import io.afina.metrics.LagMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures every few seconds how many records wait for this process. The consumers' own meters do
 * not tell: readers of committed records count only what they may see, which is nothing behind a
 * transaction that somebody left open, and a consumer that gets no records reports no lag at all.
 */
public final class LagMonitor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LagMonitor.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final Duration ANSWERS_WITHIN = INTERVAL.multipliedBy(3);
  private static final Duration STANDSTILL = Duration.ofMinutes(1);

  private final Closer closer = new Closer();
  private final Semaphore asked = new Semaphore(0);
  private final ConsumerLag lag = new ConsumerLag(InstantSource.system());
  private final Set<String> topics;
  private final Supplier<Set<TopicPartition>> assigned;
  private final String group;
  private final Admin admin;
  private final NextRecords next;
  private volatile boolean stopped;
  private boolean answered = true;
  private @Nullable Standing reported;

  /**
   * Starts it for a classifier.
   *
   * @param assigned the partitions of this process
   */
  public LagMonitor(
      AfinaConfig config, MeterRegistry registry, Supplier<Set<TopicPartition>> assigned) {
    this(
        config,
        Set.of(
            config.topics().images().name(),
            config.topics().corrections().name(),
            config.topics().strays().name()),
        INTERVAL,
        registry,
        assigned);
  }

  /**
   * Starts it.
   *
   * @param topics those whose records wait for it
   * @param interval from one measurement to the next, unless somebody asks
   * @param assigned the partitions of this process
   */
  LagMonitor(
      AfinaConfig config,
      Set<String> topics,
      Duration interval,
      MeterRegistry registry,
      Supplier<Set<TopicPartition>> assigned) {
    this.topics = topics;
    this.assigned = assigned;
    this.group = config.classifier().applicationId();
    Map<String, Object> settings = new HashMap<>(config.kafka());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    admin = closer.own(Admin.create(settings));
    try {
      next = closer.own(new NextRecords(config));
      new LagMeters(registry, topics, config.topics()::withoutPrefix, lag);
      closer.own(new Worker("afina-backlog", () -> run(interval), this::stop));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Gives a request under way up: a cluster that is away must not hold up the end. */
  void stop() {
    stopped = true;
    asked.release();
    admin.close(Duration.ZERO);
    next.wakeUp();
  }

  @Override
  public void close() {
    closer.close();
  }

  /** Measures now, and not only when its time has come: this process has other partitions. */
  public void ask() {
    asked.release();
  }

  /** Records that wait for this process. */
  public long waiting() {
    return topics.stream().mapToLong(lag::records).sum();
  }

  /** How long ago the cluster last said what waits, in milliseconds. */
  public long silentMillis() {
    return lag.silentMillis();
  }

  /** Whether the cluster says what waits these days. */
  boolean isAnswered() {
    return lag.silentMillis() <= ANSWERS_WITHIN.toMillis();
  }

  /** The ids of the topics that there are: one that is made anew has another. */
  Map<String, Uuid> topicIds() throws InterruptedException {
    Map<String, Uuid> ids = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> asked :
        admin.describeTopics(topics).topicNameValues().entrySet()) {
      try {
        ids.put(asked.getKey(), asked.getValue().get().topicId());
      } catch (ExecutionException e) {
        LOG.atDebug().addKeyValue("topic", asked.getKey()).setCause(e).log("topic is not known");
      }
    }
    return ids;
  }

  /** Where the partitions of this process stand in which records wait. */
  List<Standing> standing() {
    return lag.standing();
  }

  private void run(Duration interval) {
    try {
      while (!stopped) {
        if (asked.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS)) {
          asked.drainPermits();
        }
        if (!stopped) {
          measure();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks once; a failure shows in the meters, as the time since one succeeded. */
  private void measure() throws InterruptedException {
    try {
      lag.observe(positions(assigned.get()));
      answered = true;
      lag.standing(STANDSTILL).filter(this::isNews).ifPresent(this::report);
    } catch (ExecutionException | RuntimeException e) {
      if (answered && !stopped) {
        LOG.atWarn()
            .addKeyValue("why", String.valueOf(e.getCause() == null ? e : e.getCause()))
            .log("the cluster does not say how much waits");
      }
      answered = false;
    }
  }

  private boolean isNews(Standing standing) {
    Standing before = reported;
    return before == null
        || !before.partition().equals(standing.partition())
        || before.position().done() != standing.position().done();
  }

  private void report(Standing standing) {
    reported = standing;
    LOG.atWarn()
        .addKeyValue("partition", standing.partition())
        .addKeyValue("offset", standing.position().done())
        .addKeyValue("end", standing.position().end())
        .addKeyValue("since", standing.since())
        .log("a partition stands still");
  }

  private Map<TopicPartition, Position> positions(Set<TopicPartition> partitions)
      throws InterruptedException, ExecutionException {
    List<TopicPartition> mine =
        partitions.stream().filter(partition -> topics.contains(partition.topic())).toList();
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    Map<TopicPartition, Long> starts = offsets(mine, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(mine, OffsetSpec.latest());
    Map<TopicPartition, Range> ranges = new HashMap<>();
    for (TopicPartition partition : mine) {
      long start = Objects.requireNonNull(starts.get(partition));
      OffsetAndMetadata done = committed.get(partition);
      long end = Objects.requireNonNull(ends.get(partition));
      // What was deleted before anybody read it does not wait; all of a topic made anew does.
      long from = done == null || done.offset() > end ? start : Math.max(start, done.offset());
      ranges.put(partition, new Range(from, end));
    }
    return withNext(ranges);
  }

  private Map<TopicPartition, Position> withNext(Map<TopicPartition, Range> ranges) {
    Map<TopicPartition, Range> waiting = new HashMap<>(ranges);
    waiting.values().removeIf(range -> range.from() >= range.end());
    Map<TopicPartition, Next> found = next.find(waiting);
    Map<TopicPartition, Position> positions = new HashMap<>();
    ranges.forEach(
        (partition, range) -> {
          Next first = found.getOrDefault(partition, new Next(range.from(), null));
          positions.put(partition, new Position(first.offset(), range.end(), first.timestamp()));
        });
    return positions;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin.listOffsets(asked).all().get().forEach((p, found) -> offsets.put(p, found.offset()));
    return offsets;
  }
}

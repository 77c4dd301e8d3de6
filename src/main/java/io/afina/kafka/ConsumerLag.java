package io.afina.kafka;

import io.afina.metrics.LagMeters;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how many records wait in each partition, and since when without any progress. Safe for
 * any thread.
 */
final class ConsumerLag implements LagMeters.Backlog {

  private final InstantSource clock;
  private Map<TopicPartition, Standing> partitions = Map.of();
  private Instant answered;

  /**
   * How far a partition is dealt with.
   *
   * @param done offset of the first record that is not dealt with; {@code end} where none waits
   * @param end the offset that the next record gets, whether or not readers may see those before
   * @param oldest timestamp of the first record that is not dealt with, milliseconds since 1970;
   *     null where there is none, or it cannot be read yet
   */
  record Position(long done, long end, @Nullable Long oldest) {

    long waiting() {
      return Math.max(0, end - done);
    }
  }

  /**
   * Where a partition stands, and since when.
   *
   * @param since when it was first seen to make no progress
   */
  record Standing(TopicPartition partition, Position position, Instant since) {}

  ConsumerLag(InstantSource clock) {
    this.clock = clock;
    this.answered = clock.instant();
  }

  /** The cluster has answered: these are the partitions of this process, and no others. */
  synchronized void observe(Map<TopicPartition, Position> now) {
    answered = clock.instant();
    Map<TopicPartition, Standing> next = new HashMap<>();
    now.forEach(
        (partition, position) ->
            next.put(
                partition,
                new Standing(partition, position, since(partitions.get(partition), position))));
    partitions = next;
  }

  @Override
  public synchronized long records(String topic) {
    return waiting(topic).mapToLong(seen -> seen.position().waiting()).sum();
  }

  @Override
  public synchronized long mostRecords(String topic) {
    return waiting(topic).mapToLong(seen -> seen.position().waiting()).max().orElse(0);
  }

  @Override
  public synchronized long oldestMillis(String topic) {
    return waiting(topic)
        .map(seen -> seen.position().oldest())
        .filter(Objects::nonNull)
        .mapToLong(oldest -> Math.max(0, clock.millis() - oldest))
        .max()
        .orElse(0);
  }

  @Override
  public synchronized long standstillMillis(String topic) {
    return waiting(topic)
        .map(Standing::since)
        .min(Comparator.naturalOrder())
        .map(since -> Duration.between(since, clock.instant()).toMillis())
        .orElse(0L);
  }

  @Override
  public synchronized long silentMillis() {
    return Duration.between(answered, clock.instant()).toMillis();
  }

  /** The partition that has stood still longest, if any has for so long. */
  synchronized Optional<Standing> standing(Duration least) {
    Instant latest = clock.instant().minus(least);
    return partitions.values().stream()
        .filter(standing -> standing.position().waiting() > 0)
        .filter(standing -> !standing.since().isAfter(latest))
        .min(Comparator.comparing(Standing::since));
  }

  /** Where the partitions stand in which records wait. */
  synchronized List<Standing> standing() {
    return partitions.values().stream().filter(seen -> seen.position().waiting() > 0).toList();
  }

  /** Since when there is no progress: now, where nothing waited before. */
  private Instant since(@Nullable Standing before, Position position) {
    if (before == null || before.position().waiting() == 0) {
      return answered;
    }
    return before.position().done() == position.done() ? before.since() : answered;
  }

  private Stream<Standing> waiting(String topic) {
    return partitions.values().stream()
        .filter(seen -> seen.partition().topic().equals(topic))
        .filter(seen -> seen.position().waiting() > 0);
  }
}

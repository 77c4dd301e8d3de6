package io.afina.classifier;

import io.afina.event.Correction;
import io.afina.metrics.CorrectionMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Holds the corrections of one task whose images were not seen yet, counts them in a gauge, and
 * gives back those that have waited for too long. It belongs to the task's thread.
 */
final class PendingCorrections {

  private static final int CHECKS_PER_TIMEOUT = 20;
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

  private final KeyValueStore<String, Pending> store;
  private final Duration timeout;
  private final CorrectionMeters meters;

  /** Approximate: after a restart, the store estimates. */
  private long count;

  PendingCorrections(
      KeyValueStore<String, Pending> store, Duration timeout, CorrectionMeters meters) {
    this.store = store;
    this.timeout = timeout;
    this.meters = meters;
    add(store.approximateNumEntries());
  }

  /**
   * A correction that came before its image.
   *
   * @param since when it came, milliseconds since 1970
   */
  record Pending(Correction correction, SourceRecord source, long since, @Nullable Votes votes) {}

  /** Holds a correction; the votes of one that waits already are kept. */
  void put(String id, JoinInput.Corrected corrected, long now) {
    Pending earlier = store.get(id);
    if (earlier == null) {
      add(1);
    }
    Votes votes = earlier == null ? Votes.NONE : Votes.of(earlier.votes());
    Correction correction = corrected.correction();
    store.put(id, new Pending(correction, corrected.source(), now, votes.with(correction)));
  }

  /** Removes and returns the correction of an image. */
  Optional<Pending> take(String id) {
    Optional<Pending> pending = Optional.ofNullable(store.get(id));
    // Deleting what is not there would write to the changelog all the same.
    pending.ifPresent(correction -> remove(id));
    return pending;
  }

  /** Removes and returns the corrections that have waited for longer than the time-out. */
  List<Pending> takeExpired(long now) {
    List<KeyValue<String, Pending>> expired = new ArrayList<>();
    try (KeyValueIterator<String, Pending> all = store.all()) {
      all.forEachRemaining(
          entry -> {
            if (now - entry.value.since() >= timeout.toMillis()) {
              expired.add(entry);
            }
          });
    }
    expired.forEach(entry -> remove(entry.key));
    return expired.stream().map(entry -> entry.value).toList();
  }

  /** The interval between two searches for expired corrections. */
  static Duration checkInterval(Duration timeout) {
    Duration part = timeout.dividedBy(CHECKS_PER_TIMEOUT);
    if (part.compareTo(LONGEST_INTERVAL) > 0) {
      return LONGEST_INTERVAL;
    }
    return part.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : part;
  }

  /** Logs the deletion of a key that is not there, so that the changelog has an offset. */
  void touch(String key) {
    store.delete(key);
  }

  /** Takes its corrections off the gauge: the task moves away. */
  void close() {
    add(-count);
  }

  private void remove(String id) {
    store.delete(id);
    add(-1);
  }

  private void add(long change) {
    count += change;
    meters.waiting(change);
  }
}

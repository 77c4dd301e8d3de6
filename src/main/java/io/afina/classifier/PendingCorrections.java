package io.afina.classifier;

import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.metrics.CorrectionMeters;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
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
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

  /** A look takes some tens of milliseconds, however many wait. */
  private static final int PER_LOOK = 5_000;

  private final KeyValueStore<String, Pending> store;
  private final Duration timeout;
  private final CorrectionMeters meters;

  /** Approximate: after a restart, the store estimates. */
  private long count;

  /** Where the pass over all that waits goes on, or null when none is under way. */
  private @Nullable String from;

  /** The earliest arrival that the pass has met and left, or its beginning. */
  private long oldest;

  /** Until then nothing is late. */
  private long due;

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
  record Pending(SourceRecord source, long since, @Nullable Votes votes) {

    Correction correction() {
      return Json.read(Objects.requireNonNull(source.value()), Correction.class);
    }
  }

  /** Holds a correction; the votes of one that waits already are kept. */
  void put(String id, JoinInput.Corrected corrected, long now) {
    Pending earlier = store.get(id);
    if (earlier == null) {
      add(1);
    }
    Votes votes = earlier == null ? Votes.NONE : Votes.of(earlier.votes());
    Correction correction = corrected.correction();
    store.put(id, new Pending(corrected.source(), now, votes.with(correction)));
  }

  /** Removes and returns the correction of an image. */
  Optional<Pending> take(String id) {
    Optional<Pending> pending = Optional.ofNullable(store.get(id));
    // Deleting what is not there would write to the changelog all the same.
    pending.ifPresent(correction -> remove(id));
    return pending;
  }

  /**
   * Removes corrections that have waited for longer than the time-out, and passes them on one by
   * one. However many wait, a look is short: it goes on where the last one ended, and a new pass
   * begins when something can be late.
   */
  void expire(long now, Consumer<Pending> late) {
    if (from == null) {
      if (now < due) {
        return;
      }
      oldest = now;
    }
    try (KeyValueIterator<String, Pending> waiting =
        from == null ? store.all() : store.range(from, null)) {
      for (int looks = 0; looks < PER_LOOK && waiting.hasNext(); looks++) {
        KeyValue<String, Pending> entry = waiting.next();
        if (now - entry.value.since() >= timeout.toMillis()) {
          remove(entry.key);
          late.accept(entry.value);
        } else {
          oldest = Math.min(oldest, entry.value.since());
        }
        from = successor(entry.key);
      }
      if (!waiting.hasNext()) {
        from = null;
        due = oldest + timeout.toMillis();
      }
    }
  }

  /** The next key in the store's order, which is that of bytes. */
  private static String successor(String key) {
    return key + '\0';
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

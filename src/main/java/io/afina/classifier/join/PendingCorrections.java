package io.afina.classifier.join;

import io.afina.event.Correction;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Json;
import io.afina.event.UnusableRecordException;
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
  private static final long SHORTEST_INTERVAL = 100;
  private static final long LONGEST_INTERVAL = 1_000;

  /** A look takes some tens of milliseconds, however many wait. */
  private static final int PER_LOOK = 5_000;

  private static final long NOTHING_WAITS = Long.MAX_VALUE;

  private final KeyValueStore<String, Pending> store;
  private final Duration timeout;
  private final CorrectionMeters meters;

  /** Approximate: after a restart, the store estimates. */
  private long count;

  /** Where the pass over all that waits goes on, or null when none is under way. */
  private @Nullable String from;

  /** When the first of those that the pass has met and left becomes late. */
  private long left;

  /** Until then nothing is late; what waits already when this is opened may be. */
  private long due;

  PendingCorrections(
      KeyValueStore<String, Pending> store, Duration timeout, CorrectionMeters meters) {
    this.store = store;
    this.timeout = timeout;
    this.meters = meters;
    add(store.approximateNumEntries());
    try (KeyValueIterator<String, Pending> waiting = store.all()) {
      due = waiting.hasNext() ? 0 : NOTHING_WAITS;
    }
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

    /** The same without what one labeller said; empty when nobody else said anything. */
    Optional<Pending> without(@Nullable String labeller) {
      Correction last = correction();
      Votes rest = Votes.of(votes).without(labeller);
      if (!Objects.equals(last.labeller(), labeller)) {
        return Optional.of(new Pending(source, since, rest));
      }
      return rest.last().map(other -> new Pending(source.replacedBy(other), since, rest));
    }

    /** The same without the name of one labeller. */
    Pending unnamed(String labeller) {
      Correction last = correction();
      return new Pending(
          labeller.equals(last.labeller()) ? source.replacedBy(last.unnamed()) : source,
          since,
          Votes.of(votes).unnamed(labeller));
    }
  }

  /** Takes a name away where there is one to go. */
  void renew(String id, JoinInput input) {
    Pending pending = input instanceof JoinInput.Unnamed ? store.get(id) : null;
    if (pending != null && input instanceof JoinInput.Unnamed unnamed) {
      store.put(id, pending.unnamed(unnamed.labeller()));
    }
  }

  /** Holds a correction; the votes of one that waits already are kept. */
  void put(String id, JoinInput.Corrected corrected, long now) {
    Pending earlier = store.get(id);
    if (earlier == null) {
      add(1);
    }
    Votes votes = earlier == null ? Votes.NONE : Votes.of(earlier.votes());
    SourceRecord source = corrected.source();
    Votes all = votes.with(corrected.correction(), source.timestamp());
    store.put(id, new Pending(source, now, all));
    due = Math.min(due, now + timeout.toMillis());
    left = Math.min(left, now + timeout.toMillis());
  }

  /** Withdraws what one labeller said. */
  void withdraw(String id, @Nullable String labeller) {
    Pending pending = store.get(id);
    if (pending != null) {
      pending.without(labeller).ifPresentOrElse(rest -> store.put(id, rest), () -> remove(id));
    }
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
      left = NOTHING_WAITS;
    }
    try (KeyValueIterator<String, Pending> waiting =
        from == null ? store.all() : store.range(from, null)) {
      for (int looks = 0; looks < PER_LOOK && waiting.hasNext(); looks++) {
        KeyValue<String, Pending> entry = waiting.next();
        if (now - entry.value.since() >= timeout.toMillis()) {
          remove(entry.key);
          late.accept(entry.value);
        } else {
          left = Math.min(left, entry.value.since() + timeout.toMillis());
        }
        from = successor(entry.key);
      }
      if (!waiting.hasNext()) {
        from = null;
        due = left;
      }
    }
  }

  /** Why one that waited too long becomes a dead letter. */
  UnusableRecordException noImage() {
    return new UnusableRecordException(
        Stage.JOIN,
        Reason.NO_IMAGE,
        "no image of that id was seen within %s: it never came, or is forgotten"
            .formatted(timeout));
  }

  /** The next key in the store's order, which is that of bytes. */
  private static String successor(String key) {
    return key + '\0';
  }

  /** How long to wait for the next look; empty while nothing waits. */
  Optional<Duration> nextLook(long now) {
    long interval =
        Math.min(
            LONGEST_INTERVAL, Math.max(SHORTEST_INTERVAL, timeout.toMillis() / CHECKS_PER_TIMEOUT));
    return due == NOTHING_WAITS
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.max(interval, due - now)));
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

package io.afina.classifier.join;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * Keeps the latest value of a key for a time: a window store, whose old segments are dropped whole,
 * so that forgetting costs nothing. Times are the wall clock's, milliseconds since 1970: an image
 * with an old timestamp is kept as long as any other.
 */
final class RetainedStore<V> {

  /** The most that the clock of an earlier owner of the partition may be ahead. */
  private static final long SKEW = Duration.ofDays(1).toMillis();

  private final WindowStore<String, V> store;
  private final long retention;

  RetainedStore(WindowStore<String, V> store, Duration retention) {
    this.store = store;
    this.retention = retention.toMillis();
  }

  Optional<V> get(String key, long now) {
    try (WindowStoreIterator<V> newestFirst =
        store.backwardFetch(key, now - retention, now + SKEW)) {
      return newestFirst.hasNext() ? Optional.of(newestFirst.next().value) : Optional.empty();
    }
  }

  void put(String key, V value, long now) {
    remove(key, now);
    store.put(key, value, now);
  }

  /** Logs the deletion of a key that is not there, so that the changelog has an offset. */
  void touch(String key, long now) {
    store.put(key, null, now);
  }

  void remove(String key, long now) {
    List<Long> times = new ArrayList<>();
    try (WindowStoreIterator<V> all = store.fetch(key, now - retention, now + SKEW)) {
      all.forEachRemaining(entry -> times.add(entry.key));
    }
    times.forEach(time -> store.put(key, null, time));
  }
}

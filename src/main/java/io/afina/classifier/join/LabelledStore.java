package io.afina.classifier.join;

import io.afina.event.Embedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Keeps what is known of each image that has a label. Earlier versions forgot labels after a time,
 * in a store of their own: what that still has moves over when its image is touched, and all of it
 * step by step.
 */
final class LabelledStore {

  /** A step takes some tens of milliseconds. */
  private static final int PER_STEP = 1_000;

  private final KeyValueStore<String, Labelled> store;
  private final WindowStore<String, Joined> before;
  private final RetainedStore<Joined> joined;
  private final RetainedStore<TracedEmbedding> embeddings;
  private boolean moved;

  LabelledStore(
      KeyValueStore<String, Labelled> store,
      WindowStore<String, Joined> before,
      RetainedStore<Joined> joined,
      RetainedStore<TracedEmbedding> embeddings) {
    this.store = store;
    this.before = before;
    this.joined = joined;
    this.embeddings = embeddings;
  }

  Optional<Labelled> get(String id, long now) {
    Labelled known = store.get(id);
    if (known != null || moved) {
      return Optional.ofNullable(known);
    }
    return joined.get(id, now).map(label -> move(id, label, now));
  }

  void put(String id, Labelled labelled) {
    store.put(id, labelled);
  }

  /** Removes it and returns what it was. */
  Optional<Labelled> remove(String id, long now) {
    Optional<Labelled> known = get(id, now);
    // Deleting what is not there would write to the changelog all the same.
    known.ifPresent(labelled -> store.delete(id));
    return known;
  }

  /** Moves some of what the earlier store has; whether there may be more. */
  boolean moveSome(long now) {
    List<Windowed<String>> some = new ArrayList<>();
    try (KeyValueIterator<Windowed<String>, Joined> left = before.all()) {
      while (some.size() < PER_STEP && left.hasNext()) {
        some.add(left.next().key);
      }
    }
    for (Windowed<String> each : some) {
      var unused = get(each.key(), now);
      before.put(each.key(), null, each.window().start());
    }
    moved = some.size() < PER_STEP;
    return !moved;
  }

  /** Logs the deletion of a key that is not there, so that the changelogs have an offset. */
  void touch(String key, long now) {
    store.delete(key);
    joined.touch(key, now);
  }

  private Labelled move(String id, Joined label, long now) {
    List<Embedding> known =
        embeddings.get(id, now).map(TracedEmbedding::embedding).stream().toList();
    Labelled labelled = new Labelled(label, known, null, label.at().toEpochMilli());
    store.put(id, labelled);
    joined.remove(id, now);
    return labelled;
  }
}

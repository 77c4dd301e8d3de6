package io.afina.labelling.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** Remembers who asked for pictures within a day. Used under the queue's lock only. */
final class Presence {

  private static final Duration DAY = Duration.ofDays(1);
  private static final int MOST = 1000;

  private final Map<String, Instant> asked = new BoundedMap<>(MOST);

  void asks(String labeller, Instant now) {
    asked.remove(labeller);
    asked.put(labeller, now);
  }

  /** Whether anybody else is there than these. */
  boolean hasOthersThan(Collection<String> labellers, Instant now) {
    return asked.entrySet().stream()
        .anyMatch(
            entry ->
                now.isBefore(entry.getValue().plus(DAY)) && !labellers.contains(entry.getKey()));
  }
}

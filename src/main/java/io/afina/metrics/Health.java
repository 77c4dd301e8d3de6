package io.afina.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Whether the process lives and whether it is ready for work, asked of its parts. Safe for any
 * thread.
 */
public final class Health {

  private final Map<String, CompletableFuture<?>> alive = new ConcurrentSkipListMap<>();
  private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentSkipListMap<>();

  /**
   * A part without which the process had better be started again.
   *
   * @param ended completes, in whatever way, when it no longer runs
   */
  public void alive(String part, CompletableFuture<?> ended) {
    alive.put(part, ended);
  }

  /**
   * A part that must be there before the process is of use.
   *
   * @param missing what it waits for, or empty
   */
  public void ready(String part, Supplier<Optional<String>> missing) {
    ready.put(part, missing);
  }

  /** What is wrong, by part; empty when the process lives. */
  public Map<String, String> troubles() {
    Map<String, String> troubles = new ConcurrentSkipListMap<>();
    alive.forEach(
        (part, ended) -> {
          if (ended.isDone()) {
            troubles.put(part, "has ended; the log says why");
          }
        });
    return troubles;
  }

  /** What is missing or wrong, by part; empty when the process is ready. */
  public Map<String, String> missing() {
    Map<String, String> missing = troubles();
    ready.forEach((part, waits) -> waits.get().ifPresent(why -> missing.putIfAbsent(part, why)));
    return missing;
  }
}

package io.afina.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Whether the process has started, whether it lives, and whether it is ready for work, asked of its
 * parts. It has started, and can be ready, only once it said that all its parts are known. Safe for
 * any thread.
 */
public final class Health {

  private final Map<String, CompletableFuture<?>> alive = new ConcurrentSkipListMap<>();
  private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentSkipListMap<>();
  private volatile boolean complete;

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

  /** All parts are known: from here on what they say is all there is to say. */
  public void complete() {
    complete = true;
  }

  /** What is not there yet, by part; empty once all parts are there, whatever they wait for. */
  public Map<String, String> starting() {
    return complete ? Map.of() : Map.of("process", "is starting");
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
    missing.putAll(starting());
    ready.forEach((part, waits) -> waits.get().ifPresent(why -> missing.putIfAbsent(part, why)));
    return missing;
  }
}

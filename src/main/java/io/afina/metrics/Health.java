package io.afina.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Whether the process lives and whether it is ready for work, asked of its parts. Safe for any
 * thread.
 */
public final class Health {

  private final Map<String, Supplier<Optional<String>>> alive = new ConcurrentSkipListMap<>();
  private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentSkipListMap<>();

  /**
   * A part without which the process had better be started again.
   *
   * @param trouble what is wrong, or empty
   */
  public void alive(String part, Supplier<Optional<String>> trouble) {
    alive.put(part, trouble);
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
    return ask(alive);
  }

  /** What is missing or wrong, by part; empty when the process is ready. */
  public Map<String, String> missing() {
    Map<String, String> missing = ask(ready);
    missing.putAll(troubles());
    return missing;
  }

  private static Map<String, String> ask(Map<String, Supplier<Optional<String>>> parts) {
    Map<String, String> answers = new ConcurrentSkipListMap<>();
    parts.forEach((part, check) -> check.get().ifPresent(why -> answers.put(part, why)));
    return answers;
  }
}

package io.afina.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was done to Afina, and when, in a file that can be read while it goes on. */
final class Chronicle {

  private final Path file;
  private final long start = System.nanoTime();
  private final Map<Fault, Integer> faults = new TreeMap<>();
  private final List<End> ended = new ArrayList<>();

  Chronicle(Path file) {
    this.file = file;
  }

  /** Something happens. */
  synchronized void note(String what) {
    try {
      Files.writeString(
          file,
          "%8.2f s  %s%n".formatted(seconds(), what),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fault begins. */
  synchronized void struck(Strike strike) {
    faults.merge(strike.fault(), 1, Integer::sum);
    note(strike.toString());
  }

  /** A process ended that nobody had asked to. */
  synchronized void ended(End end, String lastWords) {
    ended.add(end);
    note("ended by itself: %s: %s".formatted(end, lastWords));
  }

  /** How often each fault was struck. */
  synchronized Map<Fault, Integer> faults() {
    return new TreeMap<>(faults);
  }

  /** The processes that ended by themselves, one an end. */
  synchronized List<End> ended() {
    return List.copyOf(ended);
  }

  /** Seconds since it began. */
  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}

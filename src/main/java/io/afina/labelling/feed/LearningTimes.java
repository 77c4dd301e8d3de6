package io.afina.labelling.feed;

import io.afina.model.HeadCard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Measures how long it takes from a label to the head that learned it. A head knows the examples
 * before its card's offsets of {@code training}. Safe for any thread.
 */
public final class LearningTimes {

  private static final int MOST_WAITING = 10_000;
  private static final int WINDOW = 50;

  private final Map<Integer, Deque<Waiting>> waiting = new HashMap<>();
  private final Deque<Double> seconds = new ArrayDeque<>();
  private int count;

  private record Waiting(long offset, long labelledAt) {}

  /**
   * An example has come.
   *
   * @param labelledAt when its correction arrived, milliseconds since 1970
   */
  public synchronized void example(int partition, long offset, long labelledAt) {
    if (count < MOST_WAITING) {
      waiting
          .computeIfAbsent(partition, p -> new ArrayDeque<>())
          .add(new Waiting(offset, labelledAt));
      count++;
    }
  }

  /**
   * A head answers from now on.
   *
   * @param at when it was promoted, milliseconds since 1970
   */
  public synchronized void promoted(HeadCard card, long at) {
    waiting.forEach(
        (partition, examples) -> {
          long next = card.training().offsets().getOrDefault(partition, 0L);
          while (!examples.isEmpty() && examples.element().offset() < next) {
            count--;
            note(Math.max(0, at - examples.remove().labelledAt()) / 1000.0);
          }
        });
  }

  /** The median of the last labels that were learned; empty before the first. */
  public synchronized OptionalDouble median() {
    return seconds.stream()
        .mapToDouble(Double::doubleValue)
        .sorted()
        .skip(seconds.size() / 2)
        .findFirst();
  }

  /** Labels that no head has learned yet. */
  public synchronized int waiting() {
    return count;
  }

  private void note(double value) {
    seconds.addLast(value);
    if (seconds.size() > WINDOW) {
      seconds.removeFirst();
    }
  }
}

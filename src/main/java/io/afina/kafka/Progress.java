package io.afina.kafka;

import static java.time.Duration.ZERO;

import io.afina.kafka.ConsumerLag.Standing;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers for how long a process has got nowhere, in time that counts. For one thread. */
public final class Progress {

  private final Duration bound;
  private Map<String, Duration> lasted = Map.of();
  private long steps;

  /**
   * What a process shows of itself.
   *
   * @param state in words, such as {@code REBALANCING}
   * @param running whether it is in the state in which it works
   * @param steps grows with whatever shows that something goes on: records that are restored,
   *     threads that failed, said why and were replaced
   * @param sinceLastPoll how long ago each thread last asked Kafka for records
   */
  public record Sight(
      String state, boolean running, long steps, Map<String, Duration> sinceLastPoll) {}

  /**
   * @param bound how long a thread may take for what one poll brought, or a partition for its next
   *     record; twice that for a process that is not running, since a group waits that long for the
   *     slowest of its members
   */
  Progress(Duration bound) {
    this.bound = bound;
  }

  /**
   * So much time has passed, and this is to be seen.
   *
   * @param standing the partitions of this process in which records wait
   * @return what has lasted too long, in words
   */
  Optional<String> observe(Duration passed, Sight sight, Collection<Standing> standing) {
    Map<String, Duration> symptoms = symptoms(passed, sight, standing);
    Map<String, Duration> next = new HashMap<>();
    for (String text : symptoms.keySet()) {
      Duration before = sight.steps() == steps ? lasted.get(text) : null;
      next.put(text, before == null ? ZERO : before.plus(passed));
    }
    lasted = next;
    steps = sight.steps();
    return symptoms.entrySet().stream()
        .filter(seen -> next.getOrDefault(seen.getKey(), ZERO).compareTo(seen.getValue()) >= 0)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The cluster does not answer: nothing that is to be seen says anything about this process. */
  void forget() {
    lasted = Map.of();
  }

  /** What is not as it should be, and how long it may last. */
  private Map<String, Duration> symptoms(
      Duration passed, Sight sight, Collection<Standing> standing) {
    Map<String, Duration> symptoms = new HashMap<>();
    if (!sight.running()) {
      symptoms.put("the streams are " + sight.state(), bound.multipliedBy(2));
    }
    sight
        .sinceLastPoll()
        .forEach(
            (thread, since) -> {
              if (since.compareTo(passed) >= 0) {
                symptoms.put(thread + " does not come back", bound);
              }
            });
    for (Standing at : standing) {
      // Where nobody gets the next record it waits for others: for the end of somebody's
      // transaction, or for a leader.
      if (at.position().oldest() != null) {
        symptoms.put(
            "%s stands still at offset %d".formatted(at.partition(), at.position().done()), bound);
      }
    }
    return symptoms;
  }
}

package io.afina.deadletter;

import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordId;
import io.afina.event.header.ReplayMark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Collects dead letters without their values, and which of them were replayed. */
public final class DeadLetters {

  private static final Comparator<Letter> OLDEST_FIRST =
      Comparator.comparing((Letter letter) -> letter.why().at()).thenComparing(Letter::id);

  private final List<Letter> letters = new ArrayList<>();
  private final Map<RecordId, Instant> replayed = new HashMap<>();
  private int unreadable;

  /**
   * A dead letter without its value.
   *
   * @param bytes how long the value is
   * @param omitted whether the record was too large to be here
   */
  public record Letter(
      RecordId id, byte @Nullable [] key, int bytes, boolean omitted, DeadLetter why) {}

  /** The number of dead letters of a reason, and of those that were replayed. */
  public record Count(int letters, int replayed) {

    private Count plus(boolean isReplayed) {
      return new Count(letters + 1, replayed + (isReplayed ? 1 : 0));
    }
  }

  /** Reads them all. */
  public static DeadLetters read(DeadLetterLog log) {
    DeadLetters all = new DeadLetters();
    log.read(all::add);
    return all;
  }

  public static RecordId id(ConsumerRecord<?, ?> record) {
    return new RecordId(record.partition(), record.offset());
  }

  /** Takes the next record. */
  public void add(ConsumerRecord<byte[], byte[]> record) {
    ReplayMark.from(record.headers())
        .ifPresentOrElse(
            mark -> replayed.put(mark.letter(), Instant.ofEpochMilli(record.timestamp())),
            () -> addLetter(record));
  }

  private void addLetter(ConsumerRecord<byte[], byte[]> record) {
    try {
      letters.add(
          new Letter(
              id(record),
              record.key(),
              record.value() == null ? 0 : record.value().length,
              DeadLetter.isOmitted(record.headers()),
              DeadLetter.from(record.headers())));
    } catch (MalformedRecordException e) {
      unreadable++;
    }
  }

  /** The dead letters that pass the filter, oldest first. */
  public List<Letter> of(Predicate<DeadLetter> filter) {
    return letters.stream()
        .filter(letter -> filter.test(letter.why()))
        .sorted(OLDEST_FIRST)
        .toList();
  }

  /** The time at which one was replayed, or null. */
  public @Nullable Instant replayed(RecordId id) {
    return replayed.get(id);
  }

  public boolean isReplayed(Letter letter) {
    return replayed.containsKey(letter.id());
  }

  /** The number of records that are no dead letters that this version of Afina can read. */
  public int unreadable() {
    return unreadable;
  }

  public Map<Reason, Count> countByReason(List<Letter> of) {
    Map<Reason, Count> counts = new EnumMap<>(Reason.class);
    for (Letter letter : of) {
      Reason reason = letter.why().reason();
      counts.put(reason, counts.getOrDefault(reason, new Count(0, 0)).plus(isReplayed(letter)));
    }
    return counts;
  }
}
